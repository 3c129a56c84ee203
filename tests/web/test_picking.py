"""Ticking a page, and acting on a whole selection: resolved on the server, two hundred at most."""

from __future__ import annotations

import pytest

from app import outbox, tickets
from app.clock import now
from app.extensions import db
from app.intake import Intake, receive
from app.models import Channel, Message, State, Ticket, Urgency
from app.tickets import Contribution
from tests.cast import acting, alice, bob, carol, request_of_carol
from tests.web.acting import action
from tests.web.browse import Browser, Page
from tests.web.picking import pressed, undone


def many(count: int) -> list[Ticket]:
    carol()
    made = [
        receive(Intake(Channel.WEB, f"Касса {place}", at=now(), email="carol@neva-trade.example")).ticket
        for place in range(count)
    ]
    outbox.commit()
    return made


def boxes(page: Page) -> list[bool]:
    return [one.get("checked") is not None for one in page.all("input", name="number")]


def test_without_script_a_link_ticks_the_page_and_another_unticks_it(alices: Browser):
    request_of_carol()
    request_of_carol(text="Вторая")
    page = alices.open("/queue?view=open&engineer=none")
    assert boxes(page) == [False, False]
    link = next(one for one in page.root.iter("a") if "ticked=page" in (one.get("href") or ""))
    page = alices.open(link.get("href") or "")
    assert boxes(page) == [True, True]
    back = next(one for one in page.root.iter("a") if "picked__none-of" in (one.get("class") or ""))
    assert boxes(alices.open(back.get("href") or "")) == [False, False]


def test_a_page_that_holds_all_of_the_selection_offers_no_more(alices: Browser):
    request_of_carol()
    assert not alices.open("/queue?view=open").all("input", name="all")


def test_the_whole_selection_is_taken_though_a_page_shows_fifty(alices: Browser):
    chosen = many(53)
    urgent = request_of_carol(text="Сервер горит", urgency=Urgency.URGENT)
    page = alices.open("/queue?view=open&channel=web")
    assert len(boxes(page)) == 50
    assert "все 54 по этому отбору" in page.text
    assert page.one("input", name="all").get("data-count") == "54"
    page = alices.send(page, action(page, "/queue/taking"), all="1")
    assert "Взято заявок: 54" in page.text
    assert {one.engineer_id for one in [*chosen, urgent]} == {alice().id}
    undone(alices, page)
    assert {one.engineer_id for one in chosen} == {None}


@pytest.mark.timeout(240)
def test_of_two_hundred_chosen_by_the_selection_three_fail_by_name_and_the_rest_is_done(alices: Browser):
    chosen = many(203)
    page = alices.open("/queue?view=open")
    assert "первые 200 по этому отбору: больше за один раз нельзя" in page.text
    page = pressed(alices, page, "solution", all="1")
    assert "здесь первые 200 в порядке списка" in page.text
    assert sum(boxes(page)) == 200
    tickets.solve(chosen[0], Contribution("Готово"), acting(bob()), now())
    tickets.solve(chosen[99], Contribution("Готово"), acting(bob()), now())
    tickets.take(chosen[199], acting(bob()), now())
    outbox.commit()
    numbers = [one.get("value") for one in page.all("input", name="number")]
    page = alices.send(page, action(page, "/queue/bulk/solution"), number=numbers, text="Поменяли кабель")
    assert "Сделано: 197. Не получилось:" in page.text
    for failed in (chosen[0], chosen[99], chosen[199]):
        assert f"{failed.number}: Пока вы смотрели" in page.text
    assert db.session.query(Message).filter_by(text="Поменяли кабель").count() == 197
    assert {one.state for one in chosen[200:]} == {State.NEW}

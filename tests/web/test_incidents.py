"""One trouble of several customers: joined, answered and solved at once, each customer in their own thread."""

from __future__ import annotations

import pytest

from app import incidents, outbox, tickets
from app.clock import now
from app.errors import IllegalMove
from app.extensions import db
from app.models import EventKind, Incident, Message, State, Ticket
from app.tickets import Contribution
from tests.cast import acting, alice, bob, request_of_carol
from tests.history import kinds
from tests.web.acting import action
from tests.web.browse import Browser


def two_customers() -> list[Ticket]:
    stranger = request_of_carol(name="Пётр", email="petr@lahta.example", phone="", company="Лахта", text="Нет сети")
    return [request_of_carol(text="Интернет пропал"), stranger]


def begun(chosen: list[Ticket]) -> Incident:
    incident = incidents.begin("Авария у провайдера", chosen, acting(alice()), now())
    outbox.commit()
    return incident


def test_requests_of_several_customers_are_answered_and_solved_at_once(alices: Browser):
    chosen = two_customers()
    due = [one.due_at for one in chosen]
    page = alices.open(f"/incidents?numbers={','.join(one.number for one in chosen)}")
    typed = " ".join(one.number for one in chosen)
    page = alices.send(page, "/incidents", title="Авария у провайдера", numbers=typed)
    assert all(kinds(one)[-1] is EventKind.GROUPED for one in chosen)
    assert "Авария у провайдера" in alices.open(f"/tickets/{chosen[0].number}").text
    answers = action(page, f"{page.address}/answer")
    page = alices.send(page, answers, text="Провайдер чинит", kind="reply")
    assert "Ответов клиентам: 2" in page.text
    page = alices.send(page, answers, text="Связь вернулась", kind="solution")
    assert {one.state for one in chosen} == {State.SOLVED}
    assert [one.due_at for one in chosen] == due
    for one in chosen:
        texts = [text for (text,) in db.session.query(Message.text).filter_by(ticket_id=one.id).order_by(Message.id)]
        assert texts[1:] == ["Провайдер чинит", "Связь вернулась"]
    page = alices.send(page, f"{page.address}/closure")
    assert db.session.query(Incident).one().closed_at is not None
    assert "закрыт" in page.text


def test_an_answer_to_all_is_taken_back_from_all(alices: Browser):
    chosen = two_customers()
    incident = begun(chosen)
    page = alices.open(f"/incidents/{incident.id}")
    page = alices.send(page, f"/incidents/{incident.id}/answer", text="Готово", kind="solution")
    alices.send(page, action(page, "/queue/bulk/"))
    assert {one.state for one in chosen} == {State.NEW}


def test_one_that_cannot_be_answered_is_named_and_the_rest_hears(alices: Browser):
    chosen = two_customers()
    page = alices.open(f"/incidents/{begun(chosen).id}")
    tickets.solve(chosen[0], Contribution("Готово"), acting(bob()), now())
    outbox.commit()
    alices.send(page, f"{page.address}/answer", text="Провайдер чинит", kind="reply")
    assert [one.state for one in chosen] == [State.SOLVED, State.OPEN]
    assert "Провайдер чинит" not in alices.open(f"/tickets/{chosen[0].number}").text


def test_requests_come_and_go_and_are_in_one_incident_at_most(alices: Browser):
    chosen = two_customers()
    first, second = begun(chosen[:1]), begun([])
    page = alices.open(f"/incidents/{second.id}")
    page = alices.send(
        page, f"/incidents/{second.id}/requests", numbers=f"{chosen[0].number}, {chosen[1].number} 482170"
    )
    assert "уже в другом сбое" in page.text
    assert "Заявки 482170 нет" in page.text
    assert incidents.numbers_of(second) == [chosen[1].number]
    page = alices.send(page, f"/incidents/{second.id}/requests/{chosen[1].number}/removal")
    assert incidents.numbers_of(second) == []
    page = alices.open(f"/incidents/{first.id}")
    assert "ещё открыта" in alices.send(page, f"/incidents/{first.id}/closure").text
    tickets.solve(chosen[1], Contribution("Уже работает"), acting(bob()), now())
    outbox.commit()
    page = alices.open(f"/incidents/{first.id}")
    page = alices.send(page, f"/incidents/{first.id}/requests", numbers=chosen[1].number)
    assert f"Заявка {chosen[1].number} уже не открыта" in page.text
    incidents.close(second, now())
    outbox.commit()
    with pytest.raises(IllegalMove, match="Этот сбой закрыт"):
        incidents.add(second, chosen[0], acting(alice()), now())


def test_a_wrong_form_is_named_and_keeps_what_was_typed(alices: Browser):
    ticket = request_of_carol()
    page = alices.open("/incidents")
    page = alices.send(page, "/incidents", status=422, title=" ", numbers=ticket.number)
    assert "Назовите сбой одной строкой" in page.text
    assert page.one("input", id="numbers").get("value") == ticket.number
    page = alices.send(page, "/incidents", status=422, title="Авария", numbers="")
    assert "Впишите номера" in page.text
    assert page.one("input", id="title").get("value") == "Авария"
    page = alices.open(f"/incidents/{begun([ticket]).id}")
    assert "Напишите текст" in alices.send(page, f"{page.address}/answer", status=422, text=" ", kind="reply").text


def test_engineers_find_the_list_beside_the_views_with_how_many_go_on(alices: Browser):
    page = alices.open("/queue")
    link = next(one for one in page.root.iter("a") if one.get("href") == "/incidents")
    assert "".join(link.itertext()).strip() == "Общие сбои"
    assert "Общих сбоев пока не было" in alices.open("/incidents").text
    first = request_of_carol()
    over, going = begun([first]), begun([request_of_carol(text="Вторая")])
    tickets.solve(first, Contribution("Готово"), acting(alice()), now())
    incidents.close(over, now())
    outbox.commit()
    page = alices.open("/queue")
    link = next(one for one in page.root.iter("a") if one.get("href") == "/incidents")
    assert "".join(link.itertext()).strip() == "Общие сбои1"
    page = alices.open("/incidents")
    rows = [
        " ".join("".join(one.itertext()).split()) for one in page.root.iter("li") if one.get("class") == "joint__row"
    ]
    assert "заявок: 1, открыто: 1 идёт" in rows[0]
    assert "закрыт" in rows[1]
    assert page.all("a", href=f"/incidents/{going.id}")


def test_two_hundred_are_read_in_pages_with_open_ones_first(alices: Browser):
    db.session.add_all(
        Incident(title=f"Сбой {place}", created_at=now(), closed_at=now() if place % 3 else None)
        for place in range(200)
    )
    outbox.commit()
    shown: list[str | None] = []
    address: str | None = "/incidents"
    while address:
        page = alices.open(address)
        shown += [one.get("href") for one in page.root.iter("a") if (one.get("href") or "").startswith("/incidents/")]
        following = [one.get("href") for one in page.root.iter("a") if "after=" in (one.get("href") or "")]
        address = following[0] if following else None
    found = db.session.query(Incident).order_by(Incident.closed_at.is_not(None), Incident.id.desc())
    assert shown == [f"/incidents/{one.id}" for one in found]


def test_numbers_that_are_refused_stay_as_they_were_typed(alices: Browser):
    typed = "; ".join(str(number) for number in range(900_000, 900_000 + incidents.MOST + 1))
    page = alices.send(alices.open("/incidents"), "/incidents", 422, title="Авария", numbers=typed)
    assert page.one("input", name="numbers").get("value") == typed


def test_no_more_are_joined_than_an_answer_to_all_reaches(alices: Browser, monkeypatch: pytest.MonkeyPatch):
    """Those beyond were dropped when it was begun, and got no answer when they were added later."""
    monkeypatch.setattr(incidents, "MOST", 2)
    first, second, third = (request_of_carol(text=f"Нет сети {place}") for place in range(3))
    typed = " ".join(one.number for one in (first, second, third))
    page = alices.send(alices.open("/incidents"), "/incidents", 422, title="Авария", numbers=typed)
    assert "В одном сбое не больше 2 заявок" in page.text
    page = alices.open(f"/incidents/{begun([first, second]).id}")
    page = alices.send(page, f"{page.address}/requests", numbers=f"{third.number} {first.number}")
    assert "В одном сбое не больше 2 заявок" in page.text
    assert kinds(third)[-1] is not EventKind.GROUPED

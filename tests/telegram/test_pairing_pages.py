"""The pages of pairing: a member of staff's own, the applicant's card, the customer's page, the way out of a letter."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app import clock, notify, outbox, pairing
from app.chats import follow
from app.config import settings
from app.extensions import db
from app.models import Chat, Message, MessageKind, Notify
from app.web import links
from tests import cast
from tests.notify import letters
from tests.telegram.chats import START, chat
from tests.web.browse import Browser, Page
from tests.web.signing_in import signed_in


def browser(app: Flask, member=None) -> Browser:
    return Browser(app) if member is None else signed_in(app, member)


def start_links(page: Page) -> list[str]:
    return [found.group(1) for one in page.all("a") if (found := START.fullmatch(one.get("href") or ""))]


def reloaded(made: Chat) -> Chat:
    db.session.expire_all()
    return db.session.get_one(Chat, made.id)


def test_a_member_of_staff_connects_chooses_and_disconnects(app: Flask) -> None:
    alice = cast.alice()
    hers = browser(app, alice)
    page = hers.open("/me/telegram")
    assert "О чём писать" not in page.text
    found = pairing.read_start(start_links(page)[0])
    assert found
    assert found.staff.id == alice.id
    one = chat()
    pairing.pair_staff(one, alice, clock.now())
    outbox.commit()
    page = hers.open("/me/telegram")
    assert "Эскалации" not in page.form("/me/telegram/wishes").itertext()
    csrf = page.form("/me/telegram/wishes").find(".//input[@name='csrf_token']").get("value")
    page = hers.post("/me/telegram/wishes", data={"csrf_token": csrf, "urgent": "on", "answered": "on", "evil": "on"})
    assert "Записали" in page.text
    assert reloaded(one).wishes == {"urgent": True, "untaken": False, "mine": False, "answered": True}
    assert page.one("input", name="urgent").get("checked") is not None
    assert page.one("input", name="mine").get("checked") is None
    page = hers.send(page, "/me/telegram/disconnection")
    assert "Telegram отключён" in page.text
    assert reloaded(one).staff_id is None


def test_a_manager_may_want_escalations(app: Flask) -> None:
    masha = cast.masha()
    pairing.pair_staff(chat(), masha, clock.now())
    outbox.commit()
    page = browser(app, masha).open("/me/telegram")
    assert page.one("input", name="escalation").get("checked") is not None


@pytest.mark.trust("I2")
def test_nobody_ends_or_sees_the_chat_of_another(app: Flask) -> None:
    bobs = chat(7002)
    pairing.pair_staff(bobs, cast.bob(), clock.now())
    mine = chat(7003)
    pairing.pair_staff(mine, cast.alice(), clock.now())
    bobs.name = "Чат Бориса"
    outbox.commit()
    hers = browser(app, cast.alice())
    page = hers.open("/me/telegram")
    assert "Чат Бориса" not in page.text
    hers.send(page, "/me/telegram/disconnection", chat="7002")
    assert reloaded(bobs).staff_id == cast.bob().id
    assert reloaded(mine).staff_id == cast.alice().id


@pytest.mark.trust("X1")
def test_a_chats_name_is_text(app: Flask) -> None:
    one = chat()
    one.name = "<script>alert(1)</script><b>жирный</b> {{ 7 * 7 }}"
    pairing.pair_staff(one, cast.alice(), clock.now())
    outbox.commit()
    page = browser(app, cast.alice()).open("/me/telegram")
    assert one.name in page.text


def test_without_a_bot_the_page_says_so(make_app) -> None:
    bare = make_app()
    with bare.app_context():
        page = browser(bare, cast.alice()).open("/me/telegram")
        assert "ещё не задал его токен" in page.text
        assert not start_links(page)


@pytest.mark.trust("I2")
def test_the_customers_page_opens_this_request_and_nobodys_name(app: Flask) -> None:
    """Whoever typed a form in her name has this page: it must not lead to her other requests."""
    ticket = cast.request_of_carol()
    page = browser(app).open(f"/r/{links.token_of(ticket)}")
    opened = [pairing.read_start(link) for link in start_links(page)]
    assert [(one.ticket.id, one.person, one.staff) for one in opened] == [(ticket.id, None, None)]


@pytest.mark.trust("I2")
def test_only_the_letter_to_her_own_address_opens_her_requests(app: Flask) -> None:
    carol, ticket = cast.carol(), cast.request_of_carol()
    cast.neva_trade().notify = Notify.BOTH
    other = cast.request_of_carol(text="Вторая")
    outbox.commit()
    notify.run()
    hers = [letter for letter in letters.to(str(carol.email)) if ticket.number in letter["Subject"]]
    found = re.search(START.pattern, letters.text_of(hers[0]))
    assert pairing.read_start(found.group(1)).person.id == carol.id
    assert START.search(letters.html_of(hers[0]))
    office = letters.to("office@neva-trade.example")
    assert [one for one in office if other.number in one["Subject"]]
    for letter in office:
        assert not START.search(letters.text_of(letter) + letters.html_of(letter))


def test_who_is_paired_is_offered_nothing(app: Flask) -> None:
    pairing.pair_person(chat(), cast.carol(), "link", clock.now())
    ticket = cast.request_of_carol()
    notify.run()
    letter = next(one for one in letters.to("carol@neva-trade.example") if ticket.number in one["Subject"])
    assert not START.search(letters.text_of(letter))


@pytest.mark.trust("S16")
def test_the_way_out_of_a_letter_is_a_page_and_then_a_button(app: Flask) -> None:
    carol, his = cast.carol(), chat(666)
    pairing.pair_person(his, carol, "contact", clock.now())
    outbox.commit()
    address = pairing.undo_link(his.id, carol.id, his.paired_at or clock.now()).removeprefix(settings().public_url)
    victim = browser(app)
    page = victim.open(address)
    assert reloaded(his).person_id == carol.id, "looking changes nothing"
    page = victim.send(page, f"{address}/disconnection")
    assert "Чат отключён" in page.text
    assert reloaded(his).person_id is None
    assert "Чат отключён" in victim.open(address).text
    victim.open("/pairing/x")


def test_staff_disconnect_an_applicant(app: Flask) -> None:
    ticket, carol, hers, follower = cast.request_of_carol(), cast.carol(), chat(), chat(7009)
    pairing.pair_person(hers, carol, "code", clock.now())
    follow(follower, ticket)
    outbox.commit()
    start = pairing.person_link(carol, clock.now()).rpartition("=")[2]
    alices = browser(app, cast.alice())
    page = alices.open(f"/tickets/{ticket.number}")
    assert "Telegram" in page.text
    page = alices.send(page, f"/tickets/{ticket.number}/applicant/disconnection")
    assert "Telegram заявителя отключён" in page.text
    assert reloaded(hers).person_id is None
    assert pairing.read_start(start) is None
    assert not page.all("form", action=f"/tickets/{ticket.number}/applicant/disconnection")
    notes = db.session.query(Message).filter_by(ticket_id=ticket.id, kind=MessageKind.NOTE).all()
    assert len(notes) == 1


@pytest.mark.trust("I2")
def test_staff_vouch_for_the_persons_number_not_for_the_typed_one(app: Flask) -> None:
    carol = cast.carol()
    ticket = cast.request_of_carol(phone="+79990000666")
    alices = browser(app, cast.alice())
    page = alices.open(f"/tickets/{ticket.number}")
    assert "Подтвердить +7 (900) 555-01-44" in page.text
    page = alices.send(page, f"/tickets/{ticket.number}/applicant/phone")
    assert "Номер +7 (900) 555-01-44 подтверждён" in page.text
    db.session.expire_all()
    assert pairing.owner_of("+79005550144").id == carol.id
    assert pairing.owner_of("+79990000666") is None
    assert not page.all("form", action=f"/tickets/{ticket.number}/applicant/phone")

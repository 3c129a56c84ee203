"""A phone call: who it is, what is open, a request while they speak."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import call_drafts, clock, outbox
from app.extensions import db
from app.models.call_draft import CallDraft
from app.models.delivery import Delivery
from app.models.message import Message
from app.models.ticket import Ticket
from app.models.words import Channel, DeliveryChannel, MessageKind, State, Urgency
from tests.cast import alice, bob, carol, neva_trade, request_of_carol
from tests.web.browse import Browser, Page, check_fragment
from tests.web.signing_in import signed_in

NEW = "/tickets/new"


@pytest.fixture
def desk(app: Flask) -> Browser:
    return signed_in(app, alice())


def only_ticket() -> Ticket:
    ticket = db.session.scalars(select(Ticket)).one()
    db.session.rollback()
    return ticket


@pytest.mark.parametrize("phone", ["%2B79005550144", "8+(900)+555-01-44", "89005550144", "9005550144"])
def test_a_caller_is_known_by_the_number_in_any_spelling(desk: Browser, phone: str):
    ticket = request_of_carol()
    page = desk.open(f"{NEW}?phone={phone}")
    for words in ("Петрова Ольга Сергеевна", "ООО «Нева-Трейд»", "118/2024", "узнали по номеру", ticket.title):
        assert words in page.text
    assert page.one("li", data_ticket=ticket.number).get("data-state") == "new"
    assert page.one("button", formaction=f"/tickets/{ticket.number}/call")
    assert "carol@neva-trade.example, office@neva-trade.example" in page.text


def test_a_known_caller_needs_only_words(desk: Browser):
    carol()
    page = desk.open(f"{NEW}?phone=89005550144")
    done = desk.send(page, NEW, what="Не открывается банк", urgency="urgent", engineer=str(alice().id))
    ticket = only_ticket()
    assert (ticket.channel, ticket.urgency, ticket.state) == (Channel.PHONE, Urgency.URGENT, State.OPEN)
    assert (ticket.company_name, ticket.is_company_confirmed) == ("ООО «Нева-Трейд»", True)
    assert ticket.engineer_id == alice().id
    assert "Скажите клиенту" in done.text
    assert f"Номер заявки {ticket.number}" in done.text
    assert done.one("time", data_promise="solution").get("datetime")
    assert done.one("div", data_ticket=ticket.number)


def test_an_unknown_number_asks_who_it_is(desk: Browser):
    page = desk.open(f"{NEW}?phone=8+812+363-17-87")
    assert "этого номера мы пока не знаем" in page.text
    refused = desk.send(page, NEW, status=422, what="", name="", phone="", engineer="")
    assert "Напишите, что случилось" in refused.text
    assert "Нужен телефон или e-mail" in refused.text
    desk.send(refused, NEW, what="Нет сети", name="Дан", phone="8 812 363-17-87", company="Ромашка", engineer="")
    ticket = only_ticket()
    assert (ticket.applicant_phone, ticket.state, ticket.engineer_id) == ("+78123631787", State.NEW, None)
    assert "Дан" in desk.open(f"{NEW}?phone=%2B78123631787").text


def test_somebody_else_may_call_from_a_known_number(desk: Browser):
    carol()
    page = desk.open(f"{NEW}?phone=89005550144&other=1")
    assert "Петрова" not in page.text
    desk.send(page, NEW, what="Нет сети", name="Зайцева", engineer="")
    assert only_ticket().applicant_name == "Зайцева"


def test_solved_during_the_call_is_registered_told_and_solved_at_once(desk: Browser):
    carol()
    page = desk.open(f"{NEW}?phone=89005550144")
    refused = desk.send(page, NEW, status=422, what="Забыли пароль", solved="1")
    assert "Напишите, что сделано" in refused.text
    assert db.session.scalar(select(func.count(Ticket.id))) == 0
    done = desk.send(refused, NEW, solution="Сбросили пароль")
    ticket = only_ticket()
    assert ticket.state is State.SOLVED
    assert ticket.close_at is not None
    kinds = [message.kind for message in db.session.scalars(select(Message).order_by(Message.id))]
    assert kinds == [MessageKind.REQUEST, MessageKind.SOLUTION]
    assert db.session.scalars(select(Delivery.channel)).all() == [DeliveryChannel.PHONE]
    assert "Она решена" in done.text


def test_pressed_twice_is_one_request(desk: Browser):
    carol()
    page = desk.open(f"{NEW}?phone=89005550144")
    for _ in range(2):
        desk.send(page, NEW, what="Не открывается банк", solved="1", solution="Открыли")
    assert db.session.scalar(select(func.count(Ticket.id))) == 1
    assert db.session.scalar(select(func.count(Message.id))) == 2


def test_the_request_can_be_given_to_a_colleague(desk: Browser):
    carol()
    page = desk.open(f"{NEW}?phone=89005550144")
    assert "Напишите" not in page.text
    refused = desk.send(page, NEW, status=422, what="Нет сети", engineer="999")
    assert "Такого инженера нет" in refused.text
    desk.send(page, NEW, what="Нет сети", engineer=str(bob().id))
    assert only_ticket().engineer_id == bob().id


def test_strangers_and_wrong_methods_are_refused(app: Flask, desk: Browser):
    ticket = request_of_carol()
    stranger = app.test_client()
    for path in (NEW, f"/tickets/{ticket.number}/call"):
        assert stranger.get(path).status_code == 302
    assert stranger.post(NEW).status_code in {400, 401}
    assert desk.client.post(NEW, data={"what": "x"}).status_code == 400
    assert desk.client.put(NEW).status_code == 405
    assert desk.client.get("/tickets/100008/call").status_code == 404


def test_odd_numbers_do_no_harm(desk: Browser):
    for phone in ("%00", "abc", "'", "%3Cscript%3E", "1" * 500, "%F0%9F%93%9E"):
        page = desk.open(f"{NEW}?phone={phone}")
        assert page.one("input", id="find").get("name") == "phone"


def typed(page: Page, **words: str) -> dict[str, str]:
    """What a script sends of the form while somebody writes."""
    form = page.one("form", id="call")
    names = ("form_key", "csrf_token", "caller")
    hidden = {name: str(form.find(f".//input[@name='{name}']").get("value")) for name in names}
    return {**hidden, "phone": hidden["caller"], **words}


def kept(desk: Browser, sent: dict[str, str]) -> str:
    """Keep a draft as a script does; the number it got."""
    db.session.rollback()
    answer = desk.client.post(f"{NEW}/draft", data=sent, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return str(check_fragment(answer.text).get("data-number"))


def test_a_draft_takes_its_number_and_the_request_keeps_number_and_deadline(desk: Browser):
    carol()
    began = clock.now()
    page = desk.open(f"{NEW}?phone=89005550144")
    words = typed(page, what="Не открывается банк", urgency="urgent", name="Петрова Ольга Сергеевна")
    number = kept(desk, words)
    assert kept(desk, {**words, "what": "Не открывается банк после обновления"}) == number
    clock.shift(timedelta(minutes=4))
    again = desk.open(f"{NEW}?phone=%2B7+900+555+01+44")  # another device, a reload: the same call
    assert "Не открывается банк после обновления" in again.text
    assert f"Ольга Сергеевна, записали. Номер заявки {number}" in again.text
    desk.send(again, NEW)
    ticket = only_ticket()
    assert ticket.number == number
    assert ticket.due_at
    assert ticket.due_at - began < timedelta(hours=2, minutes=1)  # as it was read aloud
    assert db.session.scalar(select(func.count()).select_from(CallDraft)) == 0
    assert desk.client.post(f"{NEW}/draft", data=words, headers={"HX-Request": "true"}).status_code == 204


def test_a_deadline_that_was_read_aloud_long_ago_is_stated_anew(desk: Browser):
    carol()
    page = desk.open(f"{NEW}?phone=89005550144")
    kept(desk, typed(page, what="Не открывается банк", urgency="urgent"))
    clock.shift(timedelta(hours=3))
    desk.send(desk.open(f"{NEW}?phone=89005550144"), NEW)
    due_at = only_ticket().due_at
    assert due_at
    assert due_at - clock.now() > timedelta(hours=1, minutes=55)


def test_unfinished_calls_are_their_writers_alone_and_can_be_given_up(app: Flask, desk: Browser):
    page = desk.open(NEW)
    number = kept(desk, typed(page, what="Нет сети на складе", phone="89005550144"))
    assert "Нет сети на складе" in desk.open(NEW).text  # no number was looked for: P leads back to it
    elsewhere = desk.open(f"{NEW}?phone=88123631787")
    assert "Незаконченные звонки" in elsewhere.text
    key = typed(page)["form_key"]
    assert elsewhere.one("a", href=f"{NEW}?draft={key}")
    other = signed_in(app, bob())
    assert "Нет сети" not in other.open(NEW).text
    assert other.client.get(f"{NEW}?draft={key}").status_code == 404
    desk.post(f"{NEW}/draft/removal", data=typed(page))
    assert "Нет сети" not in desk.open(NEW).text
    assert number not in desk.open(NEW).text


def test_words_for_an_open_request_go_there_as_the_customers(desk: Browser):
    ticket = request_of_carol()
    page = desk.open(f"{NEW}?phone=89005550144")
    sent = typed(page, what="Ещё и сканер не работает", whose="у Зайцевой", name="Петрова Ольга Сергеевна")
    kept(desk, sent)
    for _ in range(2):
        shown = desk.post(f"/tickets/{ticket.number}/call", data=sent)
        assert "Ещё и сканер не работает" in shown.text
    said = db.session.scalars(select(Message).where(Message.kind == MessageKind.ANSWER)).one()
    assert (said.channel, said.text) == (Channel.PHONE, "Ещё и сканер не работает\nУ кого: у Зайцевой")
    assert said.author == "Петрова Ольга Сергеевна, записал(а) Алиса Орлова"
    assert db.session.scalar(select(func.count()).select_from(CallDraft)) == 0
    empty = desk.client.post(f"/tickets/{ticket.number}/call", data={**sent, "what": " "})
    assert empty.headers["Location"].endswith(f"/tickets/{ticket.number}#composer")


def test_whom_we_do_not_know_is_asked_in_three_fields(desk: Browser):
    neva_trade()
    page = desk.open(f"{NEW}?phone=88123631787")
    inputs = page.one("form", id="call").iter("input")
    asked = [one.get("name") for one in inputs if one.get("type") in {"text", "email", "tel"}]
    assert asked == ["name", "company", "email"]
    sent = typed(page, what="Нет сети", name="Дан", company="Нева-Трейд", phone="88123631787")
    number = kept(desk, sent)
    desk.send(desk.open(f"{NEW}?phone=88123631787"), NEW)
    ticket = only_ticket()
    assert (ticket.number, ticket.company_name) == (number, "ООО «Нева-Трейд»")


def test_nobody_goes_on_with_a_call_of_last_month(desk: Browser):
    kept(desk, typed(desk.open(NEW), what="Нет сети"))
    with outbox.transaction():
        assert call_drafts.tidy(clock.now()) == 0
        assert call_drafts.tidy(clock.now() + timedelta(days=31)) == 1


def test_hostile_drafts_do_no_harm(desk: Browser):
    page = desk.open(NEW)
    for words in ("\0", "<script>alert(1)</script>", "x" * 200_000, "\u202e😀"):
        sent = typed(page, what=words, phone=words[:50])
        kept(desk, sent)
        desk.open(NEW)
    assert desk.client.get(f"{NEW}?draft=%00").status_code == 200


def test_a_cookie_that_went_costs_no_words_without_a_script_either(app: Flask):
    page = app.test_client().post(NEW, data={"what": "Не открывается банк, платежи до обеда"})
    assert page.status_code == 401
    assert "платежи до обеда" in page.text
    assert 'href="/login"' in page.text

"""One request for those who work on it: what the page shows, to whom, and how little it asks the database."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app import outbox, promises, tickets
from app.clock import now
from app.extensions import db
from app.models import (
    Delivery,
    DeliveryChannel,
    DeliveryState,
    Event,
    Notify,
    Promise,
    Ticket,
    Urgency,
)
from app.tickets import Contribution
from tests.cast import acting, alice, bob, carol, masha, neva_trade, request_of_carol
from tests.web.acting import address, sent
from tests.web.browse import Browser, check_fragment
from tests.web.signing_in import signed_in


def test_the_page_tells_all_that_the_desk_knows(alices: Browser, ticket: Ticket):
    page = alices.open(address(ticket))
    stands = page.all("div", data_ticket=ticket.number)[0]
    assert [stands.get("data-state"), stands.get("data-urgency")] == ["new", "normal"]
    promised = {
        one.get("data-promise"): one.get("datetime") for one in page.root.iter("time") if one.get("data-promise")
    }
    stated = {one.kind.value: one for one in db.session.scalars(select(Promise).where(Promise.ticket_id == ticket.id))}
    assert promised == {kind: f"{one.due_at:%Y-%m-%dT%H:%M:%SZ}" for kind, one in stated.items()}
    for words in (
        stated["solution"].why,
        "118/2024, без срока",
        "8 рабочих часов",
        "пн–пт, 9:00–18:00",
        "У кого: у всех в бухгалтерии. Где: Лиговский, 50, офис 312.",
        "+7 (900) 555-01-44",
        "ООО «Нева-Трейд»",
    ):
        assert words.replace("\xa0", " ") in page.text


def test_no_such_request_is_404(alices: Browser):
    alices.open("/tickets/482173", 404)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (DeliveryState.ACCEPTED, "carol@neva-trade.example: принято сервером"),
        (DeliveryState.WAITING, "carol@neva-trade.example: ждёт отправки"),
        (DeliveryState.BOUNCED, "carol@neva-trade.example: не доставлено: 550 нет такого ящика"),
    ],
)
def test_the_fate_of_every_notice_stands_there(alices: Browser, ticket: Ticket, state, words):
    event = db.session.scalars(select(Event).where(Event.ticket_id == ticket.id)).one()
    db.session.add(
        Delivery(
            event_id=event.id,
            ticket_id=ticket.id,
            notice="registered",
            channel=DeliveryChannel.EMAIL,
            recipient="carol@neva-trade.example",
            state=state,
            message_id=f"{ticket.number}@desk",
            created_at=now(),
            accepted_at=now() if state is DeliveryState.ACCEPTED else None,
            error="550 нет такого ящика" if state is DeliveryState.BOUNCED else "",
        )
    )
    outbox.commit()
    assert words in alices.open(address(ticket)).text
    assert words in alices.open(f"{address(ticket)}/history").text


def test_history_leaves_nothing_out(alices: Browser, ticket: Ticket):
    sent(alices, ticket, "taking")
    sent(alices, ticket, "urgency")
    page = alices.open(f"{address(ticket)}/history")
    assert [one.get("data-event") for one in page.root.iter("tr") if one.get("data-event")] == [
        "registered",
        "taken",
        "urgent",
    ]
    assert "заменён сегодня" in page.text


def test_a_complaint_is_for_the_manager_alone(app: Flask, alices: Browser, ticket: Ticket):
    tickets.complain(ticket, "Инженер грубит", acting(alice()), now())
    outbox.commit()
    mashas = signed_in(app, masha())
    for where in (address(ticket), f"{address(ticket)}/history"):
        assert "жалоба" not in alices.open(where).text.lower()
        assert "Жалоба руководителю" in mashas.open(where).text


def test_fragments_answer_only_what_changed(alices: Browser, ticket: Ticket):
    page = alices.open(address(ticket))
    fragments = [one for one in page.root.iter("div") if one.get("hx-get")]
    once = {"similar"}  # asked for when the page is there, and never again
    assert {one.get("id") for one in fragments} == {"standing", "promise", "conversation", "presence", *once}
    fragments = [one for one in fragments if one.get("id") not in {"presence", *once}]
    for one in fragments:
        assert alices.client.get(str(one.get("hx-get"))).status_code == 204
    tickets.set_urgency(ticket, Urgency.URGENT, acting(bob()), now())
    outbox.commit()
    for one in fragments:
        answer = alices.client.get(str(one.get("hx-get")))
        assert answer.status_code == 200
        check_fragment(answer.text)


def test_the_composer_is_outside_of_what_refreshes(alices: Browser, ticket: Ticket):
    page = alices.open(address(ticket))
    for fragment in (one for one in page.root.iter("div") if one.get("hx-get")):
        assert page.one("form", id="composer") not in list(fragment.iter("form"))


def test_words_of_customers_are_inert(alices: Browser, app: Flask):
    ticket = request_of_carol(text="<img src=x onerror=alert(1)> {{7*7}}", name='"><script>alert(1)</script>')
    page = alices.open(address(ticket))
    assert "{{7*7}}" in page.text
    assert not list(page.root.iter("img"))


def test_the_page_asks_the_database_little(alices: Browser, ticket: Ticket, count_queries):
    for text in ("раз", "два", "три"):
        tickets.reply(ticket, Contribution(text), acting(alice()), now())
    outbox.commit()
    where = address(ticket)
    alices.client.get(where)
    with count_queries() as asked:
        alices.client.get(where)
    assert asked() <= 14  # among them one each: templates, draft, what was merged into it, its incident


def test_a_company_that_nobody_vouched_for_is_named_over_no_answer(alices: Browser, ticket: Ticket):
    """Nor does a letter go there: whoever writes from its domain would say where its letters go."""
    neva_trade().notify = Notify.BOTH
    outbox.commit()
    where = f"{address(ticket)}?view=open"
    line = next(one for one in alices.open(where).all("p") if "composer__to--customer" in (one.get("class") or ""))
    assert "office@neva-trade.example" in "".join(line.itertext())
    ticket.is_company_confirmed = False
    outbox.commit()
    line = next(one for one in alices.open(where).all("p") if "composer__to--customer" in (one.get("class") or ""))
    assert "".join(line.itertext()).strip() == "carol@neva-trade.example"


def test_carol_is_known_by_her_company(alices: Browser):
    first, second = request_of_carol(text="Первая"), request_of_carol(text="Вторая")
    page = alices.open(address(second))
    assert carol().company_id
    assert any(one.get("href") == address(first) for one in page.root.iter("a"))


def test_the_sentence_speaks_english_too(ticket: Ticket):
    promise = db.session.scalars(select(Promise).where(Promise.ticket_id == ticket.id)).first()
    assert promise is not None
    assert "under contract 118/2024" in promises.why_en(promises.Basis.from_json(promise.basis))

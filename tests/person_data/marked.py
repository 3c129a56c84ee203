"""Olga, whose every word can be told from all others: with a canary in each place where the desk keeps words."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import inspect, text

from app import call_drafts, client_history, complaints, contact_codes, files, notify, outbox, reply_drafts, tickets
from app.actor import Actor
from app.clock import now
from app.complaints import Said, Who
from app.config import settings
from app.extensions import db
from app.imports import uploaded
from app.intake import Intake, receive
from app.models import (
    BotMessage,
    BotUpdate,
    BouncingAddress,
    ChangeKind,
    Channel,
    Chat,
    ChatTicket,
    Complaint,
    ComplaintOrigin,
    Holder,
    Person,
    Ticket,
)
from app.search import indexing
from app.tickets import Contribution
from tests.cast import acting, alice, masha, neva_trade, request_of_carol
from tests.intake import mailing

NAME, EMAIL, PHONE = "Ольга Канарейкина", "canary@neva-trade.example", "+79005557788"
CANARIES = ("канарейк", "canary", "5557788")
CHAT = 55577880
SHOT = (
    "--b\nContent-Type: text/plain; charset=utf-8\n\nКанарейка: снимок\n"
    "--b\nContent-Type: application/octet-stream; name=canary.bin\n"
    "Content-Disposition: attachment; filename=canary.bin\n\ncanary bytes\n--b--\n"
)


def olga() -> Person:
    found = db.session.query(Person).filter_by(email=EMAIL).first()
    if found is None:
        found = Person(
            name=NAME, email=EMAIL, phone=PHONE, position="канарейка", notes="Канарейка сердится",
            company_id=neva_trade().id, is_contact=True, created_at=now(),
        )  # fmt: skip
        db.session.add(found)
        outbox.commit()
    return found


def by_olga(channel: Channel = Channel.WEB) -> Actor:
    return Actor.of_person(olga(), NAME, channel)


def written(said: str, subject: str, **headers: str) -> Ticket:
    """A request by a letter of hers, with a file."""
    olga()
    kind = 'multipart/mixed; boundary="b"'
    raw = mailing.mail(SHOT.replace("снимок", said), f"Канарейка {subject}", f"{NAME} <{EMAIL}>", **headers)
    raw = raw.replace(
        b"Content-Type: text/plain; charset=utf-8\r\n\r\n--b", f"Content-Type: {kind}\r\n\r\n--b".encode()
    )
    return mailing.ticket_of(mailing.receive(raw))


def whole_life() -> Ticket:
    """Everything that the desk keeps about somebody, in its least number; closed, answered, decided."""
    olga()
    ticket = written("касса", "касса")
    worked_on(ticket)
    elsewhere = request_of_carol(text="Не печатает принтер")
    tickets.answer(elsewhere, Contribution("Канарейка тоже не печатает", (stored("canary.txt"),)), by_olga(), now())
    outbox.commit()
    mailing.receive(mailing.mail("Канарейка вышла", "Канарейка", f"{NAME} <{EMAIL}>", Auto_Submitted="auto-replied"))
    complained()
    in_a_chat()
    left_behind(ticket)
    notify.run()
    indexing.run()
    return ticket


def worked_on(ticket: Ticket) -> None:
    by, at = acting(alice()), now()
    tickets.take(ticket, by, at)
    tickets.ask(ticket, Contribution("Ольга Канарейкина, какая касса?"), by, at)
    tickets.answer(ticket, Contribution("Канарейка синяя", quoted="> canary"), by_olga(), at)
    tickets.note(ticket, Contribution("Канарейкина звонила +7 900 555-77-88"), by, at)
    tickets.move_deadline(ticket, at + timedelta(days=9), "Канарейка просила позже", by, at)
    tickets.hold(ticket, Holder.THIRD_PARTY, "Провайдер канарейки", by, at)
    tickets.hold(ticket, Holder.ENGINEER, "", by, at)
    reply_drafts.keep(ticket.id, masha().id, "reply", "Канарейка, ждём", at)
    tickets.solve(ticket, Contribution("Канарейка починена"), by, at)
    tickets.rate(ticket, 1, "Канарейка недовольна", by_olga(), at)
    outbox.commit()
    notify.run()
    tickets.close(ticket, now())
    outbox.commit()
    decided()


def complained() -> None:
    who = Who(NAME, EMAIL, PHONE, person_id=olga().id, is_confirmed=True)
    complaints.open_case(
        ComplaintOrigin.CUSTOMER, Said("Канарейка жалуется", (stored("canary.png"),)), who, by_olga(), now()
    )
    outbox.commit()
    decided()


def decided() -> None:
    for case in db.session.query(Complaint).all():
        complaints.answer(case, "Канарейкиной позвонили", acting(masha()), now())
    outbox.commit()


def in_a_chat() -> None:
    chat = Chat(id=CHAT, name="Канарейка", person_id=olga().id, paired_at=now(), paired_by="contact",
                typed={"name": NAME}, code_email=EMAIL, created_at=now())  # fmt: skip
    db.session.add(chat)
    db.session.flush()
    intake = Intake(
        channel=Channel.TELEGRAM, text="Канарейка из чата", at=now(), name=NAME, email=EMAIL, key=f"{CHAT}:7"
    )
    ticket = receive(intake).ticket
    db.session.add(ChatTicket(chat_id=CHAT, ticket_id=ticket.id))
    db.session.add(BotMessage(chat_id=CHAT, ticket_id=ticket.id, text="Канарейка, приняли", created_at=now()))
    db.session.add(BotUpdate(id=7, chat_id=CHAT, raw='{"text": "канарейка"}', received_at=now(), ticket_id=ticket.id))
    by = acting(alice())
    tickets.solve(ticket, Contribution("Канарейка"), by, now())
    tickets.close(ticket, now())
    outbox.commit()


def left_behind(ticket: Ticket) -> None:
    call_drafts.keep(alice().id, "canary-call", "+7 900 555-77-88", {"name": NAME, "what": "Канарейка молчит"}, now())
    uploaded.start("people", "people.csv", f"name;email\n{NAME};{EMAIL}\n".encode(), acting(masha()), now())
    contact_codes.mail_code(EMAIL, now())
    db.session.add(BouncingAddress(address=EMAIL, score=1, bounced_at=now()))
    client_history.record(ChangeKind.MERGED, acting(masha()), now(), person_id=olga().id, joined=999, name=NAME,
                          moved={}, before={"phone": PHONE}, after={}, own=None)  # fmt: skip
    outbox.commit()


def stored(name: str) -> files.StoredFile:
    return files.keep(BytesIO(b"canary bytes of " + name.encode()), name)


def close_all() -> None:
    """What of hers is still open, closed."""
    for ticket in db.session.query(Ticket).filter_by(person_id=olga().id, is_active=True).all():
        tickets.solve(ticket, Contribution("Готово"), acting(alice()), now())
        tickets.close(ticket, now())
    outbox.commit()


def found_anywhere() -> list[str]:
    """Every place in the database and on the disk where a canary is seen, as table.column: words.

    Not in the vocabulary: words stand there as nobody's, and «канарейка» is one.
    """
    db.session.rollback()
    places: list[str] = []
    inspector = inspect(db.engine)
    for table in sorted(inspector.get_table_names()):
        if table.startswith(("search_index", "search_words", "alembic")):
            continue
        for row in db.session.execute(text(f'SELECT * FROM "{table}"')).mappings():
            places += [f"{table}.{name}: {str(value)[:90]}" for name, value in row.items() if is_marked(value)]
    db.session.rollback()
    for folder in (settings().files_dir, settings().kept_mail_dir):
        places += [str(path) for path in folder.rglob("*") if path.is_file() and is_marked(path.read_bytes())]
    return places


def is_marked(value: Any) -> bool:
    if isinstance(value, bytes | memoryview):
        value = bytes(value).decode("utf-8", "replace")
    if isinstance(value, dict | list):
        value = repr(value)
    words = str(value).lower() if value is not None else ""
    if "\\u" in words:
        words = words.encode().decode("unicode_escape", "replace").lower()
    return any(canary in words for canary in CANARIES) or "555-77-88" in words

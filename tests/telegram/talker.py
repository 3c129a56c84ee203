"""Somebody who talks with the bot, turn by turn, and reads what it says; what was not said yet is what is new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count

from sqlalchemy import select

from app import clock, files, outbox, tickets
from app.extensions import db
from app.files import StoredFile
from app.intake.telegram import dialogue
from app.intake.telegram.turn import Contact, Kind, Turn
from app.models import BotMessage, Chat, ChatTicket, Message, Ticket
from app.tickets import Contribution
from tests.cast import acting, alice, carol

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # 10:00 in Moscow
OWN = "+79005550144"  # Carol's number in tests.cast
_serial = count(1)


class Talker:
    """One chat. Each act is one turn in a transaction of its own and returns the bot's new messages."""

    def __init__(self, chat_id: int = 7001, language: str = "ru") -> None:
        self.chat_id, self.at, self._read = chat_id, MONDAY, 0
        clock.reset()
        clock.shift(MONDAY - clock.now())
        db.session.add(Chat(id=chat_id, name="Кто-то", language=language, typed={}, draft={}, created_at=MONDAY))
        outbox.commit()
        self.outcome = ""

    @property
    def chat(self) -> Chat:
        return db.session.get_one(Chat, self.chat_id, populate_existing=True)

    def wait(self, minutes: float) -> None:
        self.at += timedelta(minutes=minutes)
        clock.shift(timedelta(minutes=minutes))

    def turn(self, kind: Kind, **more) -> list[BotMessage]:
        with outbox.transaction():
            turn = Turn(self.chat, next(_serial), self.at, kind, **more)
            self.outcome = dialogue.respond(turn)
        return self.hear()

    def write(self, text: str, **more) -> list[BotMessage]:
        command, _, argument = text.removeprefix("/").partition(" ") if text.startswith("/") else ("", "", "")
        return self.turn(Kind.TEXT, text=text, command=command, argument=argument, **more)

    def press(self, label: str) -> list[BotMessage]:
        """Press the newest button of that label."""
        return self.press_data(self.button(label))

    def press_data(self, data: str) -> list[BotMessage]:
        return self.turn(Kind.BUTTON, button=data)

    def send(self, *names: str, kind: Kind = Kind.PHOTO, text: str = "", **more) -> list[BotMessage]:
        return self.turn(kind, text=text, files=[kept(name) for name in names], **more)

    def share(self, phone: str = OWN, *, is_own: bool = True) -> list[BotMessage]:
        return self.turn(Kind.CONTACT, contact=Contact(phone, "Кто-то", is_own))

    def reply(self, to: BotMessage, text: str, **more) -> list[BotMessage]:
        return self.write(text, replied_to=to, **more)

    def hear(self) -> list[BotMessage]:
        """What the bot has said since."""
        new = [message for message in self.messages() if message.id > self._read]
        self._read = max([self._read, *(message.id for message in new)])
        return new

    def messages(self) -> Sequence[BotMessage]:
        query = select(BotMessage).where(BotMessage.chat_id == self.chat_id).order_by(BotMessage.id)
        return db.session.scalars(query).all()

    def button(self, label: str) -> str:
        for message in reversed(self.messages()):
            for row in message.buttons:
                for one in row:
                    if one["text"] == label:
                        return one["data"]
        raise AssertionError(f"no button {label!r}")

    def falls_silent(self, minutes: float) -> list[BotMessage]:
        self.wait(minutes)
        dialogue.run_due(clock.now())
        return self.hear()

    @property
    def tickets(self) -> list[Ticket]:
        """What this chat brought, oldest first."""
        query = select(Ticket).join(ChatTicket, ChatTicket.ticket_id == Ticket.id)
        query = query.where(ChatTicket.chat_id == self.chat_id).order_by(Ticket.id)
        return list(db.session.scalars(query, execution_options={"populate_existing": True}))

    @property
    def ticket(self) -> Ticket:
        [one] = self.tickets
        return one


def kept(name: str) -> StoredFile:
    return files.keep(BytesIO(name.encode()), name)


def texts(messages: Sequence[BotMessage]) -> list[str]:
    return [message.text for message in messages]


def labels(message: BotMessage) -> list[str]:
    return [button["text"] for row in message.buttons for button in row]


def keys(message: BotMessage) -> list[str]:
    return [key["text"] for row in message.keyboard or [] for key in row]


def talker_of_carol() -> Talker:
    """Carol, whose number is known for certain, after «Да, это я»."""
    carol().is_phone_confirmed = True
    outbox.commit()
    talker = Talker()
    talker.share()
    talker.press("Да, это я")
    return talker


def requested(talker: Talker, text: str = "1С не открывается, пишет про ключ защиты") -> Ticket:
    talker.write(text)
    talker.press("У меня, на обычном месте")
    talker.press("Обычная: срок по договору")
    talker.press("Отправить без файлов")
    talker.press("Отправить заявку")
    return talker.tickets[-1]


def solved(talker: Talker) -> Ticket:
    ticket = requested(talker)
    tickets.take(ticket, acting(alice()), talker.at)
    tickets.solve(ticket, Contribution("Включили автозапуск службы ключа"), acting(alice()), talker.at)
    outbox.commit()
    return ticket


def said(ticket: Ticket) -> list[str]:
    """All that stands on a request, oldest first."""
    return list(db.session.scalars(select(Message.text).where(Message.ticket_id == ticket.id).order_by(Message.id)))

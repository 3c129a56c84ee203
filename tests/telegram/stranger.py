"""A stranger who does anything in any order, and watches that no word is lost and nothing of others' is shown."""

from __future__ import annotations

from itertools import count
from typing import Any

from sqlalchemy import func, or_, select

from app import clients, outbox, pairing, phones, tickets
from app.extensions import db
from app.intake.telegram.dialogue import draft as drafts
from app.intake.telegram.turn import Kind
from app.models import Complaint, ComplaintEntry, Message, Rating, State, Ticket
from app.presses import Press
from app.tickets import Contribution
from tests.cast import acting, alice
from tests.telegram.talker import Talker

SECRETS = ("Канарейка", "Петрова", "carol@neva-trade.example", "555-01-44", "Нева-Трейд", "118/2024")
WAYS_OUT = {"refused", "sticker", "unreadable", "foreign contact", "not here", "thanks", "wrong code", "staff", "late"}
BEGINNINGS = ("nothing", "acquainted", "drafting", "requested", "solved", "paired", "staff")
_chats, _words = count(10_000), count(1)


class Stranger:
    """Acts by name; after each the promises are looked at."""

    def __init__(self, foreign: Ticket) -> None:
        self.talker, self.foreign = Talker(next(_chats)), foreign
        self._is_rewritten, self._is_stranger = False, True
        self._since = db.session.scalar(select(func.max(Ticket.id))) or 0

    def begin(self, beginning: str) -> None:
        self._is_stranger = beginning != "staff"
        if beginning in {"acquainted", "requested", "solved"}:
            for words in (
                "/start",
                "вручную",
                "Злой умысел",
                "Мэллори",
                f"mallory{self.talker.chat_id}@evil.example",
                "+7 999 000-11-22",
            ):
                self.talker.write(words)
        if beginning == "paired":
            person = clients.make_person({"email": f"m{self.talker.chat_id}@evil.example"}, self.talker.at)
            pairing.pair_person(self.talker.chat, person, "code", self.talker.at)
        if beginning == "staff":
            pairing.pair_staff(self.talker.chat, alice(), self.talker.at)
        outbox.commit()
        if beginning in {"drafting", "requested", "solved"}:
            self.tell(2)
        if beginning in {"requested", "solved"}:
            self.talker.falls_silent(16)
            assert self.talker.tickets
        if beginning == "solved":
            self.desk("solve")

    def do(self, act: str, *arguments: Any) -> None:
        before = set(drafts.of(self.talker.chat).text.split())
        getattr(self, act)(*arguments)
        self._check_draft(before)
        self._check_secrets()

    def write(self, text: str) -> None:
        self.talker.write(self._filled(text))

    def tell(self, many: int) -> None:
        self._say(self._own_words(many))

    def press(self, press: Press, which: str, value: str) -> None:
        value = self._number(value) if value in {"own", "foreign"} else value
        self.talker.press_data(f"{press.value}:{self._number(which)}:{value}".rstrip(":"))

    def press_shown(self, place: int) -> None:
        shown = [one for message in self.talker.messages() for row in message.buttons for one in row if "data" in one]
        self.talker.press_data(shown[-1 - place % len(shown)]["data"] if shown else "old:button")

    def send(self, kind: Kind, has_words: bool) -> None:
        self._say(self._own_words(2) if has_words else "", kind)
        self.talker.send("file.bin", kind=kind, text=self._own_words(1) if has_words else "")

    def send_too_large(self, has_words: bool) -> None:
        self._say(self._own_words(1) if has_words else "", Kind.VIDEO, too_large=["film.avi"])

    def share(self, phone: str, is_own: bool) -> None:
        self.talker.share(phone, is_own=is_own)

    def reply(self, place: int) -> None:
        shown = self.talker.messages()
        self._say(self._own_words(2), replied_to=shown[-1 - place % len(shown)] if shown else None)

    def edit(self, many: int) -> None:
        self._say(self._own_words(many), is_edited=True)

    def leave(self, is_blocked: bool) -> None:
        self.talker.turn(Kind.LEFT, is_blocked=is_blocked)

    def wait(self, minutes: int) -> None:
        self.talker.falls_silent(minutes)

    def desk(self, verb: str) -> None:
        """Alice works on what the chat brought last."""
        by, at, text = acting(alice()), self.talker.at, Contribution("Ответ инженера")
        for ticket in self.talker.tickets[-1:]:
            if verb == "close" and ticket.state is State.SOLVED:
                tickets.close(ticket, at)
            elif verb == "take" and ticket.is_active:
                tickets.take(ticket, by, at)
            elif verb == "reply" or (verb in {"ask", "solve"} and ticket.is_active):
                getattr(tickets, verb)(ticket, text, by, at)
            outbox.commit()

    def _say(self, text: str, kind: Kind = Kind.TEXT, **more: Any) -> None:
        """Words of one's own: right afterwards they stand somewhere, or a way out was named."""
        self.talker.turn(kind, text=text, **more)
        if self.talker.outcome not in WAYS_OUT:
            kept = self._everything()
            lost = [word for word in text.split() if word not in kept]
            assert not lost, (self.talker.outcome, lost)

    def _check_draft(self, before: set[str]) -> None:
        """What stood in the draft still stands somewhere, unless it was cancelled or written anew by its owner."""
        if self.talker.outcome not in {"cancelled", "fix"} and not self._is_rewritten:
            kept = self._everything()
            assert not [word for word in before if word not in kept], self.talker.outcome
        self._is_rewritten = drafts.of(self.talker.chat).is_rewritten

    def _check_secrets(self) -> None:
        """What the stranger typed themselves may be repeated to them; nothing else of others' is ever shown."""
        if not self._is_stranger:
            return
        chat = self.talker.chat
        typed = f"{chat.typed} {chat.draft} {chat.code_email} " + " ".join(one.what for one in self.talker.tickets)
        typed += " ".join(phones.shown(value) for value in chat.typed.values())
        for message in self.talker.messages():
            shown = f"{message.text} {message.buttons}"
            assert not [word for word in SECRETS if word in shown and word not in typed], shown

    def _everything(self) -> str:
        chat = self.talker.chat
        found = [str(chat.draft), str(chat.typed)]
        for ticket in db.session.scalars(select(Ticket).where(Ticket.id > self._since)):
            found += [ticket.what, ticket.whose, ticket.where, ticket.links]
        found += db.session.scalars(select(Message.text).where(Message.ticket_id > self._since))
        found += db.session.scalars(select(Rating.comment).where(Rating.ticket_id > self._since))
        complaints = select(ComplaintEntry.text).join(Complaint, Complaint.id == ComplaintEntry.complaint_id)
        complaints = complaints.where(or_(Complaint.ticket_id > self._since, Complaint.ticket_id.is_(None)))
        return "\n".join([*found, *db.session.scalars(complaints)])

    def _filled(self, text: str) -> str:
        return text.replace("{own}", self._number("own")).replace("{foreign}", self.foreign.number)

    def _number(self, which: str) -> str:
        own = self.talker.tickets
        if which == "own":
            return own[-1].number if own else "482173"
        return {"foreign": self.foreign.number, "junk": "x" * 20, "key": drafts.of(self.talker.chat).key, "": ""}[which]

    @staticmethod
    def _own_words(many: int) -> str:
        return " ".join(f"слово{next(_words)}" for _ in range(many))

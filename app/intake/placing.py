"""Where a readable letter goes: into its request, into a new one, to the robots' list, or to quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from app import clock, tickets
from app.actor import SYSTEM, Actor
from app.config import settings
from app.extensions import db
from app.files import StoredFile
from app.intake import contents, quotes, urgency
from app.intake.bounces import is_refusal, mark_bounced, returned_notice
from app.intake.classify import dmarc, is_noreply
from app.intake.intake import Intake
from app.intake.mime.letter import ParsedLetter
from app.intake.receive import Receipt, receive
from app.intake.senders import Sender
from app.intake.thanks import is_only_thanks
from app.intake.threading import Road, Thread, find
from app.models.event import Event
from app.models.letter import Letter
from app.models.ticket import Ticket
from app.models.words import ActorKind, Channel, EventKind, LetterKind, LetterState, State, Urgency
from app.tickets.contributions import Contribution

TOO_LARGE_TITLE = "Письмо слишком большое"
# Until an engineer lets it in, a stranger's message is seen by staff alone.
OUT_OF_SIGHT = datetime(9999, 1, 1, tzinfo=UTC)
_REOPENINGS_AN_HOUR = 3
_ROBOT_TEXT = 20_000


def place(letter: Letter, parsed: ParsedLetter, who: Sender, kept: list[StoredFile]) -> None:
    """Settle a letter that is not our own; ``letter.kind`` and ``signals`` are known already."""
    if letter.kind is LetterKind.BOUNCE and _is_placed_bounce(letter, parsed):
        return
    stamp = dmarc(parsed, settings().authserv_id)
    thread = find(parsed, letter.envelope_to, stamp)
    letter.signals = [*letter.signals, *thread.signals, f"thread: {thread.road}"]
    if letter.kind is LetterKind.LIST and thread.is_proven and "list-id" in letter.signals:
        letter.kind = LetterKind.HUMAN  # a person who answers us through a group
    if letter.kind is not LetterKind.HUMAN:
        _remark(letter, parsed, thread)
    elif cause := _quarantine_cause(who, thread, stamp):
        letter.state, letter.error = LetterState.QUARANTINED, cause
        letter.signals = [*letter.signals, cause]
    elif who.staff and thread.ticket and thread.is_proven:
        _note(letter, parsed, thread.ticket, Actor.of_staff(who.staff, Channel.EMAIL), kept)
    elif is_noreply(who.email):
        _remark(letter, parsed, thread)
    elif thread.ticket and not _is_out_of_reach(thread):
        _answer(letter, parsed, thread, thread.ticket, who, kept, stamp)
    else:
        _open(letter, parsed, thread, who, kept)


def _quarantine_cause(who: Sender, thread: Thread, stamp: str) -> str:
    if not who.email:
        return "no sender"
    names_a_request = thread.ticket or thread.possibly
    if who.staff and names_a_request and not (thread.is_proven and stamp == "pass"):
        return "staff not proven"
    if is_noreply(who.email) and not thread.ticket:
        return "noreply"
    return ""


def _is_out_of_reach(thread: Thread) -> bool:
    """A stranger on a request closed long ago begins one of their own, which tells nothing of the old one."""
    ticket = thread.ticket
    return bool(
        thread.is_stranger
        and ticket
        and ticket.state is State.CLOSED
        and ticket.closed_at
        and clock.now() > ticket.closed_at + settings().reopen_window
    )


def _is_placed_bounce(letter: Letter, parsed: ParsedLetter) -> bool:
    delivery = returned_notice(parsed)
    if delivery is None:
        return False
    if is_refusal(parsed.report):
        ticket = mark_bounced(delivery, parsed.report, clock.now())
    else:
        ticket = db.session.get_one(Ticket, delivery.ticket_id)
    _remark(letter, parsed, Thread(ticket, Road.SIGNED_ID))
    return True


def _remark(letter: Letter, parsed: ParsedLetter, thread: Thread) -> None:
    """A robot's letter: shown on its request if it has one, and nothing changes."""
    if thread.ticket is None:
        return
    words, letter.quoted = quotes.cut(parsed.text)
    letter.text = words
    name = letter.from_name or letter.from_email or "автоответ"
    intake = Intake(
        channel=Channel.EMAIL,
        text=words[:_ROBOT_TEXT] or parsed.subject,
        at=contents.moment(letter, thread.ticket),
        key=f"letter:{letter.id}",
        quoted=letter.quoted,
        letter_id=letter.id,
        ticket=thread.ticket,
        is_automatic=True,
        by=Actor.of_person(None, name, Channel.EMAIL),
    )
    letter.ticket_id = receive(intake).ticket.id


def _note(letter: Letter, parsed: ParsedLetter, ticket: Ticket, by: Actor, kept: Sequence[StoredFile]) -> None:
    """An engineer's own letter, proven: a note, never an answer to the customer."""
    words, letter.quoted = quotes.cut(parsed.text)
    letter.text, letter.ticket_id = words, ticket.id
    said = Contribution(
        words or contents.NO_TEXT, kept, letter.quoted, letter_id=letter.id, intake_key=f"letter:{letter.id}"
    )
    tickets.note(ticket, said, by, contents.moment(letter, ticket))


def _answer(
    letter: Letter,
    parsed: ParsedLetter,
    thread: Thread,
    ticket: Ticket,
    who: Sender,
    kept: list[StoredFile],
    stamp: str,
) -> None:
    words, letter.quoted = quotes.cut(parsed.text)
    letter.text = words
    flags = contents.flags(letter, thread, stamp)
    at = contents.moment(letter, ticket)
    brought = contents.new_files(kept, ticket)
    receipt = receive(
        Intake(
            channel=Channel.EMAIL,
            text=contents.body(letter, words, brought),
            at=at,
            key=f"letter:{letter.id}",
            name=who.name,
            email="" if thread.is_stranger else who.email,
            files=brought,
            content_ids=contents.content_ids(parsed, kept),
            quoted=letter.quoted,
            flags=flags,
            letter_id=letter.id,
            ticket=ticket,
            must_not_reopen=_is_reopened_too_often(ticket, at),
            proves_address=thread.is_proven,
            by=Actor.of_person(None, who.name or who.email, Channel.EMAIL) if thread.is_stranger else None,
        )
    )
    letter.ticket_id = receipt.ticket.id
    if receipt.message is None:
        return
    if thread.is_stranger:
        receipt.message.visible_at = OUT_OF_SIGHT
    elif receipt.ticket.is_active and urgency.is_urgent(urgency.first_line(words)) and not is_only_thanks(words):
        by = Actor(ActorKind.CUSTOMER, receipt.message.author, Channel.EMAIL, person_id=receipt.message.person_id)
        tickets.set_urgency(receipt.ticket, Urgency.URGENT, by, at)


def _open(letter: Letter, parsed: ParsedLetter, thread: Thread, who: Sender, kept: list[StoredFile]) -> Receipt:
    is_urgent = urgency.is_urgent(parsed.subject, urgency.first_line(quotes.cut(parsed.text)[0]))
    receipt = receive(
        Intake(
            channel=Channel.EMAIL,
            text=contents.body(letter, parsed.text, kept),
            at=letter.received_at,
            key=f"letter:{letter.id}",
            title=TOO_LARGE_TITLE if contents.is_too_large(letter) else parsed.subject,
            urgency=Urgency.URGENT if is_urgent else Urgency.NORMAL,
            name=who.name,
            email=who.email,
            files=kept,
            content_ids=contents.content_ids(parsed, kept),
            missing=who.missing(),
            flags=contents.flags(letter, thread, "pass"),
            letter_id=letter.id,
        )
    )
    letter.ticket_id = receipt.ticket.id
    named = thread.possibly or thread.ticket
    if named and receipt.is_new:
        words = f"В письме указана заявка {named.number}, но отправитель к ней не относится. Возможно, письмо о ней."
        tickets.note(receipt.ticket, Contribution(words), SYSTEM, letter.received_at)
    return receipt


def _is_reopened_too_often(ticket: Ticket, at: datetime) -> bool:
    reopened = select(func.count(Event.id)).where(
        Event.ticket_id == ticket.id,
        Event.kind == EventKind.REOPENED,
        Event.channel == Channel.EMAIL,
        Event.at > at - timedelta(hours=1),
    )
    return (db.session.scalar(reopened) or 0) >= _REOPENINGS_AN_HOUR

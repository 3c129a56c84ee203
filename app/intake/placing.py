"""Where a readable letter goes: into its request, into a new one, to the robots' list, or to quarantine."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from app import clock, tickets
from app.actor import SYSTEM, Actor
from app.config import settings
from app.extensions import db
from app.files import StoredFile
from app.intake import bounces, complaints, contents, floods, quotes, suspicion, urgency
from app.intake.authentication import dmarc
from app.intake.case import Case
from app.intake.classify import is_noreply
from app.intake.intake import Intake
from app.intake.mime.letter import ParsedLetter
from app.intake.receive import receive
from app.intake.senders import Sender
from app.intake.thanks import is_only_thanks
from app.intake.threading import Road, Thread, find
from app.models.event import Event
from app.models.letter import Letter
from app.models.message import Message
from app.models.ticket import Ticket
from app.models.words import ActorKind, Channel, EventKind, LetterKind, LetterState, State, Urgency
from app.tickets.admit import OUT_OF_SIGHT
from app.tickets.contributions import Contribution
from app.translate import _

_REOPENINGS_AN_HOUR = 3
_ROBOT_TEXT = 20_000


def place(letter: Letter, parsed: ParsedLetter, who: Sender, kept: list[StoredFile]) -> None:
    """Settle a letter that is not our own; ``letter.kind`` and ``signals`` are known already."""
    stamp = dmarc(parsed, settings().authserv_id)
    thread = _returned_to(letter, parsed) if letter.kind is LetterKind.BOUNCE else None
    thread = thread or find(parsed, letter.envelope_to, stamp)
    letter.signals = [*letter.signals, *thread.signals, f"thread: {thread.road}", *parsed.marks]
    if letter.kind is LetterKind.LIST and thread.is_proven and "list-id" in letter.signals:
        letter.kind = LetterKind.HUMAN  # a person who answers us through a group
    if parsed.header("x-spam-flag").lower().startswith("yes"):
        letter.signals = [*letter.signals, contents.SPAM]
    case = Case(letter, parsed, who, kept, thread, stamp)
    if complaints.take(case):
        return
    if suspicion.is_welcome_robot(case):
        open_request(case)
    elif letter.kind is not LetterKind.HUMAN:
        _remark(case)
    elif cause := suspicion.quarantine_cause(case):
        letter.state, letter.error = LetterState.QUARANTINED, cause
        letter.signals = [*letter.signals, cause]
    elif thread.ticket is None or _is_out_of_reach(thread):
        open_request(case)
    elif is_noreply(who.email):
        _remark(case)
    elif who.staff and thread.is_proven:
        _note(case, thread.ticket, Actor.of_staff(who.staff, Channel.EMAIL))
    else:
        _answer(case, thread.ticket)


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


def _returned_to(letter: Letter, parsed: ParsedLetter) -> Thread | None:
    """A bounce of a notice of ours: the notice is marked, its request is the thread."""
    ticket = bounces.hear(parsed, letter.envelope_to, clock.now())
    return Thread(ticket, Road.SIGNED_ID) if ticket else None


def _remark(case: Case) -> None:
    """A robot's letter: shown on its request if it has one, and nothing changes."""
    ticket, letter = case.thread.ticket, case.letter
    if ticket is None:
        return
    name = letter.from_name or letter.from_email or _("автоответ")
    # Of a report, the letter that came back: our own. Whoever wants it has the original.
    brought = [] if letter.kind is LetterKind.BOUNCE else contents.new_files(case.kept, ticket)
    intake = Intake(
        channel=Channel.EMAIL,
        text=case.cut()[:_ROBOT_TEXT] or case.parsed.subject,
        at=contents.moment(letter, ticket),
        key=case.key,
        files=brought,
        content_ids=contents.content_ids(case.parsed, case.kept),
        quoted=letter.quoted,
        letter_id=letter.id,
        ticket=ticket,
        is_automatic=True,
        by=Actor.of_person(None, name, Channel.EMAIL),
    )
    receipt = receive(intake)
    letter.ticket_id = receipt.ticket.id
    if receipt.message and (case.thread.is_stranger or letter.kind is LetterKind.BOUNCE):
        receipt.message.visible_at = OUT_OF_SIGHT  # of no use to the customer, and anybody could have written it


def _note(case: Case, ticket: Ticket, by: Actor) -> None:
    """An engineer's own letter, proven: a note, never an answer to the customer."""
    letter = case.letter
    letter.ticket_id = ticket.id
    text = case.cut() or _(contents.NO_TEXT)
    said = Contribution(text, case.kept, letter.quoted, letter_id=letter.id, intake_key=case.key)
    tickets.note(ticket, said, by, contents.moment(letter, ticket))


def _answer(case: Case, ticket: Ticket) -> None:
    letter, who, is_stranger = case.letter, case.who, case.thread.is_stranger
    words = case.cut()
    brought = contents.new_files(case.kept, ticket)
    at = contents.moment(letter, ticket)
    receipt = receive(
        Intake(
            channel=Channel.EMAIL,
            text=contents.body(letter, words, brought),
            at=at,
            key=case.key,
            name=who.name,
            email="" if is_stranger else who.email,
            files=brought,
            content_ids=contents.content_ids(case.parsed, case.kept),
            quoted=letter.quoted,
            flags=contents.flags(letter, case.thread, case.stamp),
            letter_id=letter.id,
            ticket=ticket,
            must_not_reopen=_is_reopened_too_often(ticket, at),
            proves_address=case.thread.is_proven,
            by=Actor.of_person(None, who.name or who.email, Channel.EMAIL) if is_stranger else None,
        )
    )
    letter.ticket_id = receipt.ticket.id
    if receipt.message and is_stranger:
        receipt.message.visible_at = OUT_OF_SIGHT
    elif receipt.message:
        _hear_urgency(receipt.ticket, receipt.message, words, at)


def _hear_urgency(ticket: Ticket, message: Message, words: str, at: datetime) -> None:
    """«Срочно» in the first line of an answer counts as it does in a new letter."""
    if ticket.is_active and urgency.is_urgent(urgency.first_line(words)) and not is_only_thanks(words):
        by = Actor(ActorKind.CUSTOMER, message.author, Channel.EMAIL, person_id=message.person_id)
        tickets.set_urgency(ticket, Urgency.URGENT, by, at)


def open_request(case: Case) -> None:
    """A new request out of the letter, whatever it names."""
    letter, parsed, who = case.letter, case.parsed, case.who
    is_urgent = urgency.is_urgent(parsed.subject, urgency.first_line(quotes.cut(parsed.text)[0]))
    stamp = "fail" if case.stamp == "fail" else "pass"  # a new request harms nobody, whoever wrote it
    brought = contents.new_files(case.kept)
    text = contents.body(letter, parsed.text, brought)
    receipt = receive(
        Intake(
            channel=Channel.EMAIL,
            text=text,
            at=letter.received_at,
            key=case.key,
            title=_("Письмо слишком большое") if contents.is_too_large(letter) else parsed.subject,
            urgency=Urgency.URGENT if is_urgent else Urgency.NORMAL,
            name=who.name,
            email=who.email,
            language=who.person.language if who.person else settings().language,
            files=brought,
            content_ids=contents.content_ids(parsed, case.kept),
            missing=[*who.missing(), *contents.missing(letter)],
            flags=[*contents.flags(letter, Thread(), stamp), *_flood(case)],
            letter_id=letter.id,
        )
    )
    letter.ticket_id = receipt.ticket.id
    if named := case.thread.possibly or case.thread.ticket:
        words = _(
            "В письме указана заявка %(number)s, но отправитель к ней не относится. Возможно, письмо о ней.",
            number=named.number,
        )
        tickets.note(receipt.ticket, Contribution(words), SYSTEM, letter.received_at)


def _flood(case: Case) -> list[str]:
    """Many requests of one address, or of a machine that answers us."""
    who, parsed = case.who, case.parsed
    is_known = who.has_company or bool(who.person and who.person.is_confirmed)
    return floods.marks(who.email, parsed.subject, parsed.text, case.letter.received_at, is_known=is_known)


def _is_reopened_too_often(ticket: Ticket, at: datetime) -> bool:
    reopened = select(func.count(Event.id)).where(
        Event.ticket_id == ticket.id,
        Event.kind == EventKind.REOPENED,
        Event.channel == Channel.EMAIL,
        Event.at > at - timedelta(hours=1),
    )
    return (db.session.scalar(reopened) or 0) >= _REOPENINGS_AN_HOUR

"""What becomes of one parsed letter: request, answer, robot's remark, quarantine; all of it in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO

from sqlalchemy import func, select, update
from sqlalchemy.orm import undefer

from app import clock, database, escalations, failpoint, files, outbox, pairing, retention, tickets
from app.actor import SYSTEM
from app.address_lists import own_addresses
from app.extensions import db
from app.files import StoredFile
from app.intake import complaints, refusals
from app.intake.classify import classify
from app.intake.intake import Intake
from app.intake.letterbox import letter_limit
from app.intake.mime import child
from app.intake.mime.addresses import valid_address
from app.intake.mime.headers import NO_SUBJECT
from app.intake.mime.letter import ParsedFile, ParsedLetter, Unreadable
from app.intake.others import others
from app.intake.placing import place
from app.intake.receive import receive
from app.intake.senders import sender, written_by
from app.intake.written import written_at
from app.models.letter import Letter
from app.models.ticket import Ticket
from app.models.words import Cause, Channel, LetterKind, LetterState
from app.tickets import Contribution
from app.translate import _


def file(lease: datetime, parsed: Mapping[int, ParsedLetter]) -> int:
    """Bring letters, by id, to their end, all in one transaction; returns how many.

    One whose lease was lost meanwhile is left to whoever has it. When one raises, none is filed.
    """
    parsed = {letter_id: prepared(letter) for letter_id, letter in parsed.items()}
    kept = {letter_id: _kept(letter) for letter_id, letter in parsed.items()}
    failpoint.reach("letter files kept")
    with outbox.transaction():
        filed = sum(_enter(letter_id, lease, letter, kept[letter_id]) for letter_id, letter in parsed.items())
        failpoint.reach("letter before filed")
    failpoint.reach("letter filed")
    return filed


def prepared(parsed: ParsedLetter) -> ParsedLetter:
    """The letter as its writer's own, and without links that would let a reader of the request into a chat."""
    parsed = written_by(parsed)
    return replace(parsed, text=pairing.without_links(parsed.text), html=pairing.without_links(parsed.html))


def _kept(parsed: ParsedLetter) -> list[StoredFile]:
    return keep_files(parsed.files) if parsed.files and not _has_come_before(parsed) else []


def _enter(letter_id: int, lease: datetime, parsed: ParsedLetter, kept: list[StoredFile]) -> bool:
    letter = _mine(letter_id, lease)
    if letter is None:
        return False
    with db.session.no_autoflush:  # nothing in here asks for what has just been set
        _describe(letter, parsed, kept)
        is_copy = _is_copy(letter, parsed)
    if not is_copy:
        _settle(letter, parsed, kept)
    elif _is_forgotten(letter.copy_of_id):
        db.session.flush()
        retention.erase_letters([letter.id], clock.now())  # a copy of what was erased at somebody's wish
    return True


def give_up(letter_id: int, lease: datetime, reason: str) -> bool:
    """The tries are over: a request «Неразобранное письмо» with the original attached; nobody is written to."""
    letter = db.session.get_one(Letter, letter_id, options=[undefer(Letter.raw)])
    raw = letter.raw
    db.session.rollback()
    parsed = _glanced(raw)
    original = files.keep(BytesIO(raw), "letter.eml", limit=letter_limit())
    with outbox.transaction():
        mine = _mine(letter_id, lease)
        if mine is None:
            return False
        _describe(mine, parsed, [])
        if not _is_copy(mine, parsed):
            mine.state, mine.error = LetterState.FAILED, reason
            mine.signals = [*mine.signals, "unreadable"]
            if complaints.is_to_head(mine, parsed):
                complaints.take_unreadable(mine, parsed, original, reason)
            else:
                _register_unreadable(mine, parsed, original, reason)
    return True


def keep_files(parsed: Sequence[ParsedFile]) -> list[StoredFile]:
    """Put a letter's files on disk, before the transaction that names them."""
    return [files.keep(BytesIO(file.content), file.name, limit=letter_limit()) for file in parsed]


def _mine(letter_id: int, lease: datetime) -> Letter | None:
    """The row, if the lease still holds; no colleague can take it until this transaction ends."""
    held = db.session.execute(
        update(Letter)
        .where(Letter.id == letter_id, Letter.file_at == lease)
        .values(file_at=None, attempts=func.abs(Letter.attempts))
        .returning(Letter.id),
        execution_options={"synchronize_session": False},
    ).first()
    return db.session.get_one(Letter, letter_id, populate_existing=True) if held else None


def _describe(letter: Letter, parsed: ParsedLetter, kept: Sequence[StoredFile]) -> None:
    envelope_from = valid_address(letter.envelope_from)
    letter.message_id, letter.body_hash = parsed.message_id, parsed.body_hash
    letter.from_email = (parsed.from_email or envelope_from).lower()
    letter.from_name, letter.subject = parsed.from_name[:200], parsed.subject
    letter.text, letter.has_html = parsed.text, bool(parsed.html)
    letter.written_at = written_at(parsed.date)
    letter.files = [{"name": file.name, "size": file.size, "sha256": file.sha256} for file in kept]
    letter.others = others(parsed)
    letter.error = ""


def _is_copy(letter: Letter, parsed: ParsedLetter) -> bool:
    """Claim the pair of Message-ID and content for this letter; a later copy only points to the first.

    A twin that is filed at this very moment, on PostgreSQL, makes the flush fail: then this letter is tried again.
    """
    first_id = _copy_of(parsed)
    if first_id is None or first_id == letter.id:
        letter.duplicate_key = duplicate_key(parsed)
        return False
    first = db.session.get_one(Letter, first_id)
    letter.copy_of_id, letter.ticket_id = first.id, first.ticket_id
    letter.state, letter.kind, letter.signals = first.state, first.kind, [*first.signals, "copy"]
    return True


def _is_forgotten(letter_id: int | None) -> bool:
    """Whether the letter was erased with all that is known of its writer, not only because its time was over."""
    nobodys = (Letter.id == letter_id, Letter.erased_at.is_not(None), Letter.from_email == "", Letter.message_id == "")
    return db.session.scalar(select(Letter.id).where(*nobodys)) is not None


def _copy_of(parsed: ParsedLetter) -> int | None:
    return db.session.scalar(select(Letter.id).where(Letter.duplicate_key == duplicate_key(parsed)))


def _has_come_before(parsed: ParsedLetter) -> bool:
    """A look ahead, in a transaction of its own: no lock is held while files are written."""
    with database.reading():
        has_come = _copy_of(parsed) is not None
        db.session.rollback()
    return has_come


def duplicate_key(parsed: ParsedLetter) -> str:
    """Message-ID and content: the same letter by whatever road; another content under the same id is its own."""
    return f"{hashlib.sha256(parsed.message_id.encode()).hexdigest()}:{parsed.body_hash}"


def _settle(letter: Letter, parsed: ParsedLetter, kept: list[StoredFile]) -> None:
    earlier_id, letter.ticket_id = letter.ticket_id, None
    who = sender(letter.from_email, letter.from_name)
    is_null_path = letter.envelope_from == "<>"
    verdict = classify(parsed, own=own_addresses(), is_null_path=is_null_path, is_known=who.is_known)
    letter.kind, letter.signals = verdict.kind, [*letter.signals, *verdict.signals]
    letter.state = LetterState.FILED
    if verdict.kind is not LetterKind.LOOP:
        place(letter, parsed, who, kept)
        refusals.answer(letter, parsed, who, clock.now())
        _tell_earlier(letter, earlier_id)


def _tell_earlier(letter: Letter, earlier_id: int | None) -> None:
    """A letter that was read at last: its «Неразобранное письмо» says where it went."""
    if earlier_id is None or letter.ticket_id in {None, earlier_id}:
        return
    earlier, now = (db.session.get_one(Ticket, ticket_id) for ticket_id in (earlier_id, letter.ticket_id))
    told = _("Письмо удалось разобрать, оно в заявке %(number)s.", number=now.number)
    tickets.note(earlier, Contribution(told), SYSTEM, clock.now())


def _register_unreadable(letter: Letter, parsed: ParsedLetter, original: StoredFile, reason: str) -> None:
    about = [
        _("Письмо не удалось разобрать. Оригинал приложен: откройте его и свяжитесь с отправителем."),
        _("От кого: %(sender)s", sender=f"{parsed.from_name} <{letter.from_email or _('не указан')}>"),
        _("Тема: %(subject)s", subject=parsed.subject),
        _("Размер: %(size)s байт", size=letter.size),
        _("Причина: %(reason)s", reason=reason),
    ]
    receipt = receive(
        Intake(
            channel=Channel.EMAIL,
            text="\n".join(about),
            at=letter.received_at,
            key=f"letter:{letter.id}",
            title=_("Неразобранное письмо"),
            name=parsed.from_name or letter.from_email,
            files=[original],
            letter_id=letter.id,
        )
    )
    letter.ticket_id = receipt.ticket.id
    escalations.escalate(receipt.ticket, Cause.UNREADABLE, SYSTEM, clock.now(), reason)


def _glanced(raw: bytes) -> ParsedLetter:
    try:
        return child.glance(raw)
    except Unreadable:
        digest = hashlib.sha256(raw).hexdigest()
        return ParsedLetter(f"{digest}@unreadable", "", "", NO_SUBJECT, "", "", digest)

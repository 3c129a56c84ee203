"""Letters that nobody answers for yet: made a request by hand, tried again, or laid aside. None is ever deleted."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import undefer

from app import clock, outbox
from app.config import settings
from app.errors import IllegalMove
from app.extensions import db
from app.intake.authentication import dmarc
from app.intake.case import AGAIN, Case
from app.intake.filing import keep_files, prepared
from app.intake.letterbox import TOO_LARGE
from app.intake.mime import child
from app.intake.mime.letter import Unreadable
from app.intake.placing import open_request
from app.intake.senders import sender
from app.intake.threading import Thread
from app.models.letter import DISCARDED, Letter
from app.models.ticket import Ticket
from app.models.words import LetterState
from app.translate import _

_ERASED = "Оригинал этого письма стёрт: срок его хранения вышел."


def make_request(letter_id: int) -> Ticket:
    """A new request out of a letter in quarantine or a robot's; one that has a request gives that one."""
    letter = db.session.get_one(Letter, letter_id, options=[undefer(Letter.raw)])
    raw, ticket_id = letter.raw, letter.ticket_id
    is_erased = letter.erased_at is not None
    db.session.rollback()
    if ticket_id is not None:
        return db.session.get_one(Ticket, ticket_id)
    if is_erased:
        raise IllegalMove(_ERASED)
    try:
        parsed = prepared(child.parse(raw))
    except Unreadable as error:
        raise IllegalMove(_("Письмо не читается: %(reason)s. Скачайте оригинал.", reason=error.reason)) from error
    kept = keep_files(parsed.files)
    with outbox.transaction():
        letter = _undecided(letter_id)
        letter.state, letter.error = LetterState.FILED, ""
        stamp = dmarc(parsed, settings().authserv_id)
        open_request(Case(letter, parsed, sender(letter.from_email, letter.from_name), kept, Thread(), stamp))
        assert letter.ticket_id is not None
        return db.session.get_one(Ticket, letter.ticket_id)


def try_again(letter_id: int) -> None:
    """Let a letter go its way once more, with a full number of tries: the rules or the settings may be others now."""
    with outbox.transaction():
        letter = db.session.get_one(Letter, letter_id)
        if letter.state is LetterState.RECEIVED or (letter.ticket_id and letter.state is not LetterState.FAILED):
            raise IllegalMove("Это письмо уже разобрано. Обновите страницу.")
        if letter.erased_at is not None:
            raise IllegalMove(_ERASED)
        _begin_anew(letter)


def try_all_again() -> int:
    """The same for every letter that could not be read; returns how many."""
    with outbox.transaction():
        unread = select(Letter).where(Letter.state == LetterState.FAILED, Letter.copy_of_id.is_(None))
        found = db.session.scalars(unread.where(Letter.error != DISCARDED, Letter.erased_at.is_(None))).all()
        for letter in found:
            _begin_anew(letter)
    return len(found)


def _begin_anew(letter: Letter) -> None:
    letter.state, letter.file_at, letter.attempts = LetterState.RECEIVED, clock.now(), 0
    letter.signals, letter.error = [AGAIN, *(signal for signal in letter.signals if signal == TOO_LARGE)], ""
    outbox.ring(outbox.INBOX)


def discard(letter_id: int) -> None:
    """Off the list; the letter itself stays."""
    with outbox.transaction():
        letter = db.session.get_one(Letter, letter_id)
        if letter.state not in {LetterState.QUARANTINED, LetterState.FAILED}:
            raise IllegalMove("Убрать из списка можно только письмо, которое ждёт решения.")
        letter.signals = [*letter.signals, letter.error]
        letter.error = DISCARDED


def _undecided(letter_id: int) -> Letter:
    """The row, if no colleague has made a request of it meanwhile; none can until this transaction ends."""
    held = db.session.execute(
        update(Letter)
        .where(Letter.id == letter_id, Letter.ticket_id.is_(None), Letter.state != LetterState.RECEIVED)
        .values(error="")
        .returning(Letter.id),
        execution_options={"synchronize_session": False},
    ).first()
    if held is None:
        raise IllegalMove("Это письмо уже стало заявкой. Обновите страницу.")
    return db.session.get_one(Letter, letter_id, populate_existing=True)

"""An update that cannot be answered: the chat hears that it is tried again, and after the last try staff see it."""

from __future__ import annotations

import logging
from io import BytesIO

from sqlalchemy.exc import SQLAlchemyError

from app import chats, clock, database, escalations, files, outbox, pairing
from app.actor import SYSTEM
from app.extensions import db
from app.files import StoredFile
from app.intake.intake import Intake
from app.intake.receive import receive
from app.intake.telegram import claims, dialogue, reading, settling
from app.intake.telegram.claims import Claim
from app.intake.telegram.reading import Reading
from app.models.chat import BotUpdate
from app.models.ticket import Ticket
from app.models.words import Cause, Channel
from app.translate import _
from app.troubles import Trouble

log = logging.getLogger(__name__)

FAILED = "failed"


def apologise(claim: Claim) -> None:
    """Tell the chat that what it sent is not lost; if even that fails, the next try is what counts."""
    try:
        known, _raw = _look(claim)
        if not known.filed and known.chat_id is not None:
            with outbox.transaction():
                dialogue.apologise(settling.chat_for(known, clock.now()), clock.now())
    except (SQLAlchemyError, OSError) as error:
        log.warning("no word about update %s: %s", claim.update_id, type(error).__name__)


def give_up(claim: Claim, reason: str) -> bool:
    """The tries are over: what somebody wrote becomes a request «Неразобранное сообщение», with the original."""
    known, raw = _look(claim)
    has_words = bool(not known.filed and (known.text or known.files) and not known.button)
    original = files.keep(BytesIO(raw.encode()), "update.json") if has_words else None
    with outbox.transaction():
        rows = claims.mine(claim)
        if not rows:
            return False
        for row in rows:
            row.outcome, row.error = FAILED, reason[:1000]
        if original is not None:
            rows[0].ticket_id = _register(known, rows[0], original, reason).id
        else:
            number = claim.update_id
            text = _("Сообщение Телеграма %(number)s не удалось разобрать: %(reason)s", number=number, reason=reason)
            escalations.report_system(Trouble.UPDATE.of(number), text[:1000], clock.now())
    return True


def _look(claim: Claim) -> tuple[Reading, str]:
    with database.reading():
        rows = claims.rows(claim)
        raw = "\n".join(row.raw for row in rows)
        parts = [reading.read(reading.load(row.raw)) for row in rows]
        db.session.rollback()
    return reading.together(parts), raw


def _register(known: Reading, row: BotUpdate, original: StoredFile, reason: str) -> Ticket:
    at = settling.moment(known, row)
    chat = settling.chat_for(known, at)
    person = pairing.person_of(chat)
    about = [_("Сообщение из Телеграма не удалось разобрать. Оригинал приложен: прочитайте его и ответьте клиенту.")]
    if known.files:
        names = ", ".join(files.clean_name(file.name) for file in known.files)
        about.append(_("Файлы: %(names)s", names=names))
    about += [_("Причина: %(reason)s", reason=reason[:500]), "", known.text]
    receipt = receive(
        Intake(
            channel=Channel.TELEGRAM,
            text="\n".join(about).strip(),
            at=at,
            key=f"unreadable:{row.id}",
            title=_("Неразобранное сообщение"),
            name=known.name,
            files=[original],
            person=person,
            is_only_claimed=person is None,
        )
    )
    chats.follow(chat, receipt.ticket)
    escalations.escalate(receipt.ticket, Cause.UNREADABLE, SYSTEM, clock.now(), reason[:500])
    return receipt.ticket

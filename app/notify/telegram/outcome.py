"""What a try does to its message: gone, put off, given up; to the notice it carries; and to a chat that is closed."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from app import outbox
from app.bot_api import Blocked, Moved, Refused, RetryAfter, Unreachable
from app.errors import DeliveryError
from app.extensions import db
from app.models.chat import BotMessage
from app.models.delivery import UNDELIVERED_AFTER, Delivery
from app.models.ticket import Ticket
from app.models.words import UNSETTLED, DeliveryState
from app.notify.telegram import claims, closed_chats
from app.notify.telegram.claims import Claim
from app.notify.telegram.parts import left_out
from app.notify.telegram.tries import Landed, Overtaken, Written
from app.translate import _

log = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(days=5)
_MOST_FAULTS = 3  # tries of a message that our own code cannot write
_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 4, 8, 15, 30, 60))


def note(landed: Landed) -> None:
    """Write the outcome into the rows, inside the caller's transaction."""
    _note(landed)
    for other in landed.claim.others:
        _note_other(other, landed)


def abandon(claim: Claim, why: str, at: datetime) -> None:
    """Trying again is useless. Where no letter goes beside it, the customer has to be called."""
    _end(claim.message_id, DeliveryState.FAILED, error=why)
    _settle(claim, at, state=DeliveryState.FAILED, error=why)


def _note(landed: Landed) -> None:  # noqa: C901  a table's column
    claim, written, trouble = landed.claim, landed.written, landed.trouble
    match trouble:
        case None if written is not None:
            _accept(landed, written)
        case Overtaken():
            _end(claim.message_id, DeliveryState.FAILED, error=str(trouble))
            _settle(claim, landed.at, state=DeliveryState.FAILED, is_escalated=True, error=str(trouble))
        case RetryAfter():
            _put_off(landed, timedelta(seconds=trouble.seconds))
        case Blocked():
            closed_chats.close(claim.chat_id, str(trouble), landed.at)
        case Moved():
            closed_chats.move(claim.chat_id, trouble.chat_id, landed.at)
        case Refused() if written is not None and written.part.path is not None:
            _leave_out(landed, written)
        case Refused() | DeliveryError():
            log.error("message %s cannot be sent: %s", claim.message_id, trouble)
            abandon(claim, str(trouble), landed.at)
        case Unreachable() if landed.at - claim.created_at >= GIVE_UP_AFTER:
            abandon(claim, _("Не доставлено за 5 дней. %(error)s", error=trouble), landed.at)
        case Unreachable():
            _put_off(landed, _PAUSES[min(claim.attempts, len(_PAUSES)) - 1])
        case _ if claim.attempts >= _MOST_FAULTS:
            abandon(claim, _("Сообщение не составилось: %(error)r", error=trouble)[:500], landed.at)
        case _:
            _put_off(landed, _PAUSES[-1])


def _note_other(other: Claim, landed: Landed) -> None:
    """A notice that left, or was to leave, in the digest of another."""
    match landed.trouble:
        case None:
            _end(other.message_id, DeliveryState.ACCEPTED)
            _settle(other, landed.at, state=DeliveryState.ACCEPTED, error="", accepted_at=landed.at)
        case Refused() | DeliveryError() if not isinstance(landed.trouble, Blocked):
            abandon(other, str(landed.trouble), landed.at)
        case _:
            claims.give_back(other, landed.at)


def _accept(landed: Landed, written: Written) -> None:
    claim = landed.claim
    _forget_id(claim.chat_id, landed.sent_id)
    if written.part.is_last:
        said = {} if written.part.path else {"text": written.part.text, "buttons": written.buttons}
        _end(claim.message_id, DeliveryState.ACCEPTED, sent_id=landed.sent_id, ticket_id=written.ticket_id, **said)
    else:
        db.session.add(_gone(landed, written))
        _go_on(landed, written)
    if written.part.ends_words:
        moments = {"accepted_at": landed.at, "closing_at": written.closing_at}
        _settle(claim, landed.at, state=DeliveryState.ACCEPTED, error="", **moments)


def _gone(landed: Landed, written: Written) -> BotMessage:
    """A part that has left, as a row of its own: an answer to it is about the same request."""
    return BotMessage(
        chat_id=landed.claim.chat_id,
        ticket_id=written.ticket_id,
        text=written.part.text or written.part.name,
        state=DeliveryState.ACCEPTED,
        attempts=1,
        parts_sent=0,
        created_at=landed.claim.created_at,
        sent_id=landed.sent_id,
    )


def _go_on(landed: Landed, written: Written) -> None:
    """The next part is due; the words are kept as they were begun."""
    _write(
        landed.claim.message_id,
        text=written.text,
        buttons=written.buttons,
        parts_sent=BotMessage.parts_sent + 1,
        next_attempt_at=landed.at,
        attempts=1,
        error="",
    )


def _leave_out(landed: Landed, written: Written) -> None:
    """A file that Telegram refuses: the customer reads where it is."""
    claim = landed.claim
    log.warning("file %r was refused: %s", written.part.name, landed.trouble)
    db.session.add(
        BotMessage(
            chat_id=claim.chat_id,
            ticket_id=written.ticket_id,
            text=left_out(written.part.name, written.link),
            created_at=landed.at,
            next_attempt_at=landed.at,
        )
    )
    if written.part.is_last:
        _end(claim.message_id, DeliveryState.ACCEPTED, error=str(landed.trouble))
    else:
        _go_on(landed, written)


def _put_off(landed: Landed, wait: timedelta) -> None:
    is_unsure = isinstance(landed.trouble, Unreachable) and landed.trouble.is_unsure
    values: dict[str, Any] = {"error": str(landed.trouble), **({"state": DeliveryState.SENT} if is_unsure else {})}
    _write(landed.claim.message_id, lease=landed.claim.lease, next_attempt_at=landed.at + wait, **values)
    if landed.claim.delivery_id is None:
        return
    waiting = db.session.execute(
        update(Delivery)
        .where(Delivery.id == landed.claim.delivery_id, Delivery.state.in_(UNSETTLED))
        .values(values)
        .returning(Delivery.ticket_id, Delivery.is_escalated),
        execution_options={"synchronize_session": False},
    ).first()
    is_overdue = landed.at - landed.claim.created_at >= UNDELIVERED_AFTER
    if waiting and waiting.ticket_id is not None and is_overdue and not waiting.is_escalated:
        outbox.poke(waiting.ticket_id, landed.at)


def _settle(claim: Claim, at: datetime, **values: Any) -> None:
    """The notice that the message carries has come to its end; a state that it has come to already stands."""
    if claim.delivery_id is None:
        return
    settled = db.session.execute(
        update(Delivery)
        .where(Delivery.id == claim.delivery_id, Delivery.state.in_(UNSETTLED))
        .values(values)
        .returning(Delivery.ticket_id, Delivery.is_for_customer),
        execution_options={"synchronize_session": False},
    ).first()
    if settled is None or settled.ticket_id is None:
        return
    if settled.is_for_customer:
        outbox.poke(settled.ticket_id, at)
    number = db.session.scalars(select(Ticket.number).where(Ticket.id == settled.ticket_id)).one()
    outbox.notices_changed(number)


def _end(message_id: int, state: DeliveryState, **values: Any) -> None:
    _write(message_id, state=state, next_attempt_at=None, **{"error": "", **values})


def _write(message_id: int, lease: datetime | None = None, **values: Any) -> None:
    mine = [BotMessage.id == message_id, BotMessage.state.in_(UNSETTLED)]
    db.session.execute(
        update(BotMessage).where(*mine, *([BotMessage.next_attempt_at == lease] if lease else [])).values(values),
        execution_options={"synchronize_session": False},
    )


def _forget_id(chat_id: int, sent_id: int) -> None:
    """An id that Telegram gave before was given by another bot or server: what it says now holds."""
    db.session.execute(
        update(BotMessage).where(BotMessage.chat_id == chat_id, BotMessage.sent_id == sent_id).values(sent_id=None),
        execution_options={"synchronize_session": False},
    )

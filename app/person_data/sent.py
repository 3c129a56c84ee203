"""What the desk wrote: to whom and in which words goes, that it was and when stays; what is unsent never leaves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, cast, delete, or_, select, update

from app.complaints.telling import TO_HEAD
from app.extensions import db
from app.models.chat import BotMessage, BotUpdate, Chat, ChatTicket
from app.models.company import Company
from app.models.complaint import Complaint
from app.models.delivery import ERASED, Delivery
from app.models.escalation import Escalation
from app.models.page import Page
from app.models.ticket import Ticket
from app.models.words import DeliveryState
from app.translate import _

_WEAK = {"synchronize_session": False}
_NOT_SENT: dict[str, Any] = {
    "next_attempt_at": None, "state": DeliveryState.FAILED, "is_escalated": True, "is_for_customer": False,
}  # fmt: skip


def of_requests(ids: Sequence[int]) -> list[str]:
    """Notices to customers about these requests, and what the bot wrote of them to anybody.

    A company's own address for notices stays: it is the company's. Returns the Message-IDs of all that was written.
    """
    own = select(Company.notice_email).join(Ticket, Ticket.company_id == Company.id).where(Ticket.id.in_(ids))
    companies = set(db.session.scalars(own.distinct())) - {""}
    theirs = (Delivery.ticket_id.in_(ids), Delivery.is_for_customer.is_(True), Delivery.recipient.not_in(companies))
    blank_notices(db.session.scalars(select(Delivery.id).where(*theirs)).all())
    pages = select(Page.delivery_id).join(Escalation, Escalation.id == Page.escalation_id)
    paged = db.session.scalars(pages.where(Escalation.ticket_id.in_(ids))).all()
    _blank_messages(or_(BotMessage.ticket_id.in_(ids), BotMessage.delivery_id.in_(paged)))
    done = delete(BotUpdate).where(BotUpdate.ticket_id.in_(ids), BotUpdate.work_at.is_(None))
    for statement in (done, delete(ChatTicket).where(ChatTicket.ticket_id.in_(ids))):
        db.session.execute(statement, execution_options=_WEAK)
    written = select(Delivery.message_id).where(or_(Delivery.ticket_id.in_(ids), Delivery.id.in_(paged)))
    return list(db.session.scalars(written))


def blank_notices(ids: Sequence[int]) -> list[str]:
    """The recipient, what only this letter told, and the server's words, which name the recipient again.

    Returns their Message-IDs.
    """
    rows = update(Delivery).where(Delivery.id.in_(ids))
    nobody: ColumnElement[str] = ERASED + cast(Delivery.id, String)
    unsent = or_(Delivery.next_attempt_at.is_not(None), Delivery.state == DeliveryState.WAITING)
    not_sent = {**_NOT_SENT, "error": _("Не отправлено: данные стёрты.")}
    for statement in (rows.values(recipient=nobody, error="", data={}), rows.where(unsent).values(not_sent)):
        db.session.execute(statement, execution_options=_WEAK)
    return list(db.session.scalars(select(Delivery.message_id).where(Delivery.id.in_(ids))))


def of_complaints(ids: Sequence[int]) -> list[str]:
    """A complaint that no page shows to anybody is told to the head of the desk by a letter that holds all of it."""
    told = (Delivery.ticket_id.is_(None), Delivery.notice == TO_HEAD)
    query = select(Delivery).where(*told, Delivery.data["complaint"].as_integer().in_(ids))
    letters = db.session.scalars(query).all()
    for letter in letters:
        letter.data = {name: letter.data[name] for name in ("language", "complaint", "due") if name in letter.data}
        if letter.next_attempt_at is not None:
            letter.next_attempt_at, letter.state = None, DeliveryState.FAILED
    return [letter.message_id for letter in letters]


def forget_chat(chat: Chat, until: int) -> list[str]:
    """Nothing of it is left, its number neither; returns the ids of files of what was being put together in it.

    A colleague's chat stays theirs, and one that brought a request after ``until`` stays with that request alone: it
    is how that is answered. What Telegram itself keeps is in nobody's hands but the person's.
    """
    files = [file["storage_id"] for file in chat.draft.get("files", ())]
    if chat.staff_id is not None:
        chat.person_id, chat.typed, chat.draft, chat.registers_at = None, {}, {}, None
        return files
    brought = select(ChatTicket.ticket_id).where(ChatTicket.chat_id == chat.id, ChatTicket.ticket_id > until)
    if later := db.session.scalars(brought).all():
        _forget_until(chat, later)
        return files
    blank_notices(db.session.scalars(select(Delivery.id).where(Delivery.recipient == str(chat.id))).all())
    for statement in (
        update(Complaint).where(Complaint.chat_id == chat.id).values(chat_id=None, version=Complaint.version + 1),
        delete(BotUpdate).where(BotUpdate.chat_id == chat.id, BotUpdate.work_at.is_(None)),
        delete(BotMessage).where(BotMessage.chat_id == chat.id),
        delete(ChatTicket).where(ChatTicket.chat_id == chat.id),
        delete(Chat).where(Chat.id == chat.id),
    ):
        db.session.execute(statement, execution_options=_WEAK)
    return files


def _forget_until(chat: Chat, later: Sequence[int]) -> None:
    """What was said in the chat before, and with whom it was paired."""
    chat.person_id, chat.paired_at, chat.typed, chat.code_email = None, None, {}, ""
    chat.draft, chat.registers_at = {}, None
    old = or_(BotUpdate.ticket_id.is_(None), BotUpdate.ticket_id.not_in(later))
    said = or_(BotMessage.ticket_id.is_(None), BotMessage.ticket_id.not_in(later))
    own = select(Delivery.id).where(Delivery.recipient == str(chat.id), Delivery.ticket_id.not_in(later))
    blank_notices(db.session.scalars(own).all())
    _blank_messages((BotMessage.chat_id == chat.id) & said)
    for statement in (
        delete(BotUpdate).where(BotUpdate.chat_id == chat.id, BotUpdate.work_at.is_(None), old),
        delete(ChatTicket).where(ChatTicket.chat_id == chat.id, ChatTicket.ticket_id.not_in(later)),
    ):
        db.session.execute(statement, execution_options=_WEAK)


def is_nobodys(chat_id: int) -> bool:
    """Whether a chat is paired with nobody and follows no request any more."""
    chat = db.session.get(Chat, chat_id, populate_existing=True)
    if chat is None or chat.person_id is not None or chat.staff_id is not None:
        return False
    return db.session.scalar(select(ChatTicket.ticket_id).where(ChatTicket.chat_id == chat_id).limit(1)) is None


def _blank_messages(which: ColumnElement[bool]) -> None:
    rows = update(BotMessage).where(which)
    unsent = {"next_attempt_at": None, "state": DeliveryState.FAILED}
    for statement in (
        rows.where(BotMessage.next_attempt_at.is_not(None)).values(unsent),
        rows.values(text="", buttons=[], error=""),
    ):
        db.session.execute(statement, execution_options=_WEAK)

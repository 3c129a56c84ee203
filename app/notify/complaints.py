"""Letters of complaints: to the customer about their case, and to managers; they belong to no request's thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import select

from app import signing
from app.complaints import telling
from app.config import settings
from app.extensions import db
from app.models.complaint import Complaint, ComplaintEntry
from app.models.delivery import Delivery
from app.models.letter import Letter
from app.models.staff import Staff
from app.notify.headers import robots
from app.notify.wording import moment, zone
from app.translate import _

TO_CUSTOMERS = frozenset({telling.ACCEPTED, telling.WRITTEN, telling.OUTCOME})
_LONGEST_TEXT = 20_000


def headers(delivery: Delivery) -> dict[str, str]:
    """In the thread of the customer's own letter, where they wrote one; a manager's words look like a person's."""
    made = robots("auto-replied" if delivery.notice == telling.ACCEPTED else "auto-generated")
    if delivery.notice in {telling.WRITTEN, telling.OUTCOME}:
        made = {signing.LOOP_HEADER: made[signing.LOOP_HEADER]}
    if delivery.notice in TO_CUSTOMERS and (answers := _customers_last(delivery.data["complaint"])):
        made |= {"In-Reply-To": f"<{answers}>", "References": f"<{answers}>"}
    return made


def reply_to(delivery: Delivery) -> str:
    """Answers go to the case and to no request."""
    if settings().mail_plus_addressing and delivery.notice in TO_CUSTOMERS:
        return signing.complaint_address(delivery.data["complaint"])
    return settings().mail_default_sender


def _customers_last(complaint_id: int) -> str:
    query = (
        select(Letter.message_id)
        .join(ComplaintEntry, ComplaintEntry.letter_id == Letter.id)
        .where(ComplaintEntry.complaint_id == complaint_id)
    )
    found = db.session.scalars(query.order_by(ComplaintEntry.id.desc()).limit(1)).first() or ""
    return found if found.isascii() and " " not in found else ""


def _to_customer(delivery: Delivery, at: datetime) -> dict[str, object]:
    told = delivery.data
    return {
        "language": told["language"],
        "tag": signing.complaint_tag(told["complaint"]),
        "reference": reference(told["complaint"]),
        "number": told["number"],
        "text": str(told.get("text", ""))[:_LONGEST_TEXT],
        "author": told.get("author", ""),
        "answer_by": moment(datetime.fromisoformat(told["due"]), at),
        "zone": zone(),
        "looks": _looks(told["complaint"]),
        "page": f"{settings().public_url}/head/{signing.complaint_token(told['complaint'])}",
    }


def _to_staff(delivery: Delivery, at: datetime) -> dict[str, object]:
    told = delivery.data
    headlines = {
        "said": _("клиент написал ещё"),
        "assigned": _("разберитесь, пожалуйста: она назначена вам"),
        "overdue": _("срок ответа клиенту прошёл"),
    }
    return {
        "language": told["language"],
        "reference": reference(told["complaint"]),
        "headline": headlines[told["what"]],
        "answer_by": moment(datetime.fromisoformat(told["due"]), at),
        "zone": zone(),
        "page": f"{settings().public_url}/complaints/{told['complaint']}",
    }


def _to_head(delivery: Delivery, at: datetime) -> dict[str, object]:
    told = delivery.data
    who = ", ".join(part for part in (told["name"], told["phone"], told["email"]) if part)
    return {
        "language": told["language"],
        "reference": reference(told["complaint"]),
        "number": told["number"],
        "text": str(told["text"])[:_LONGEST_TEXT],
        "who": who,
        "answer_by": moment(datetime.fromisoformat(told["due"]), at),
        "zone": zone(),
    }


def reference(complaint_id: int) -> str:
    """What people call a case by: «Ж-17»."""
    return _("Ж-%(id)s", id=complaint_id)


def _looks(complaint_id: int) -> str:
    query = select(Staff.name).join(Complaint, Complaint.manager_id == Staff.id).where(Complaint.id == complaint_id)
    return db.session.scalars(query).first() or ""


WORDS: Mapping[str, Callable[[Delivery, datetime], dict[str, object]]] = {
    telling.ACCEPTED: _to_customer,
    telling.WRITTEN: _to_customer,
    telling.OUTCOME: _to_customer,
    telling.TO_STAFF: _to_staff,
    telling.TO_HEAD: _to_head,
}

"""Answers worded beforehand, as the page of a request offers and fills them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select

from app import answer_templates
from app.actor import Actor
from app.columns import read_columns
from app.config import settings
from app.extensions import db
from app.models.answer_template import AnswerTemplate
from app.models.staff import Staff
from app.reading.reader import Reader
from app.reading.ticket import Head
from app.translate import _

AT_HAND = 4  # stand under the answer; the others are one press further
_OFFERED = (
    select(AnswerTemplate.id, AnswerTemplate.name)
    .where(or_(AnswerTemplate.staff_id.is_(None), AnswerTemplate.staff_id == bindparam("own")))
    .where(AnswerTemplate.put_away_at.is_(None))
    .order_by(AnswerTemplate.staff_id.is_(None), AnswerTemplate.id)
)


@dataclass(frozen=True, slots=True)
class Offered:
    """``id`` and name of each template; ``at_hand`` stand in sight."""

    at_hand: list[tuple[int, str]]
    others: list[tuple[int, str]]


def offered(reader: Reader) -> Offered:
    """One's own first; one query, without the texts."""
    rows = [(row.id, row.name) for row in read_columns(_OFFERED, {"own": reader.staff_id})]
    return Offered(rows[:AT_HAND], rows[AT_HAND:])


def changed(templates: Sequence[AnswerTemplate], reader: Reader) -> dict[int, str]:
    """Who wrote each last, and when, by its id."""
    query = select(AnswerTemplate.id, AnswerTemplate.changed_at, Staff.name)
    query = query.outerjoin(Staff, Staff.id == AnswerTemplate.changed_by_id)
    found = db.session.execute(query.where(AnswerTemplate.id.in_([one.id for one in templates])))
    return {template_id: reader.changed(at, name) for template_id, at, name in found}


def filled(template_id: int, head: Head, by: Actor, reader: Reader) -> str:
    """A template's text for one request and whoever writes; raises NotFound."""
    ticket, name = head.ticket, head.ticket.applicant_name
    values = {
        "greeting": _("%(name)s, здравствуйте!", name=name) if name else _("Здравствуйте!"),
        "name": name,
        "number": ticket.number,
        "due": reader.moment(ticket.due_at) if ticket.due_at else _("уточняется"),
        "engineer": by.name,
        "phones": ", ".join(settings().firm_phones),
    }
    return answer_templates.put(answer_templates.found(template_id, by).text, values)

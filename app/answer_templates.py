"""Answers worded beforehand: what can be put into them, who may change which, and the verbs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from app.actor import Actor
from app.errors import Forbidden, IntakeRejected, NotFound
from app.extensions import db
from app.models.answer_template import AnswerTemplate
from app.translate import _

LONGEST_NAME, LONGEST_TEXT, MOST = 40, 5000, 60
NAMES = {
    "обращение": "greeting",
    "имя": "name",
    "номер": "number",
    "срок": "due",
    "инженер": "engineer",
    "телефоны": "phones",
}
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def put(text: str, values: Mapping[str, str]) -> str:
    """With values by their English names in place of the placeholders; what was put in is not read again."""
    return _PLACEHOLDER.sub(lambda found: values.get(_key(found[1]) or "", found[0]), text)


def may_change(template: AnswerTemplate, by: Actor) -> bool:
    """One's own; everybody's, by a manager."""
    return template.staff_id == by.staff_id if template.staff_id is not None else by.is_manager


def of(by: Actor) -> list[AnswerTemplate]:
    """What they can answer with, their own first."""
    query = select(AnswerTemplate).where(_is_theirs(by), AnswerTemplate.put_away_at.is_(None))
    return list(db.session.scalars(query.order_by(AnswerTemplate.staff_id.is_(None), AnswerTemplate.id)))


def found(template_id: int, by: Actor) -> AnswerTemplate:
    """One of theirs, put away or not; raises NotFound."""
    template = db.session.scalars(
        select(AnswerTemplate).where(AnswerTemplate.id == template_id, _is_theirs(by))
    ).first()
    if template is None:
        raise NotFound("Такого шаблона нет. Возможно, его владелец сделал его личным.")
    return template


def make(name: str, text: str, by: Actor, at: datetime, *, is_shared: bool) -> AnswerTemplate:
    """A new one; everybody's only by a manager."""
    if is_shared and not by.is_manager:
        raise Forbidden("Общие шаблоны добавляет руководитель HelpDesk.")
    template = AnswerTemplate(staff_id=None if is_shared else by.staff_id)
    same = AnswerTemplate.staff_id.is_(None) if is_shared else AnswerTemplate.staff_id == by.staff_id
    kept = select(func.count()).select_from(AnswerTemplate).where(same, AnswerTemplate.put_away_at.is_(None))
    if (db.session.scalar(kept) or 0) >= MOST:
        raise IntakeRejected({"name": _("Больше %(count)s шаблонов не поместится. Уберите лишние.", count=MOST)})
    _write(template, name, text, by, at)
    db.session.add(template)
    return template


def change(template: AnswerTemplate, name: str, text: str, by: Actor, at: datetime) -> None:
    _check_right(template, by)
    _write(template, name, text, by, at)


def put_away(template: AnswerTemplate, by: Actor, at: datetime) -> None:
    _check_right(template, by)
    template.put_away_at = template.put_away_at or at


def bring_back(template: AnswerTemplate, by: Actor) -> None:
    _check_right(template, by)
    template.put_away_at = None


def _write(template: AnswerTemplate, name: str, text: str, by: Actor, at: datetime) -> None:
    name, text = " ".join(name.split()), text.replace("\r\n", "\n").strip()
    errors = {"name": _wrong_name(name), "text": _wrong_text(text)}
    if any(errors.values()):
        raise IntakeRejected({field: sentence for field, sentence in errors.items() if sentence})
    template.name, template.text = name, text
    template.changed_at, template.changed_by_id = at, by.staff_id


def _wrong_name(name: str) -> str:
    if not name:
        return _("Назовите шаблон, например «Нужен снимок экрана».")
    return _("Не длиннее %(count)s знаков.", count=LONGEST_NAME) if len(name) > LONGEST_NAME else ""


def _wrong_text(text: str) -> str:
    if not text:
        return _("Напишите, что вставлять в ответ.")
    if len(text) > LONGEST_TEXT:
        return _("Не длиннее %(count)s знаков.", count=LONGEST_TEXT)
    unknown = [name for name in _PLACEHOLDER.findall(text) if _key(name) is None]
    if not unknown:
        return ""
    known = ", ".join(f"{{{name}}}" for name in NAMES)
    return _("Такой подстановки нет: %(name)s. Есть: %(known)s.", name=f"{{{unknown[0][:40]}}}", known=known)


def _key(name: str) -> str | None:
    name = name.strip().lower()
    return NAMES.get(name) or (name if name in NAMES.values() else None)


def _is_theirs(by: Actor) -> ColumnElement[bool]:
    return or_(AnswerTemplate.staff_id.is_(None), AnswerTemplate.staff_id == by.staff_id)


def _check_right(template: AnswerTemplate, by: Actor) -> None:
    if not may_change(template, by):
        raise Forbidden("Общий шаблон меняет руководитель HelpDesk. Сделайте похожий своим.")

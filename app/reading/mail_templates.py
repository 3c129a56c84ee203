"""The letters that a manager can word anew: what each is for, who changed it and when, what can be put in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.extensions import db
from app.models.mail_template import MailTemplate
from app.models.staff import Staff
from app.notify.own_words import EDITABLE, LANGUAGES
from app.reading.reader import Reader
from app.translate import _


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of letter in one language. ``changed``: by whom and when, empty where it is as the desk came."""

    notice: str
    language: str
    name: str
    when: str
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Placeholder:
    name: str
    meaning: str


def rows(reader: Reader) -> list[list[Row]]:
    """A line for each kind of letter, with its languages beside each other."""
    query = select(MailTemplate.notice, MailTemplate.language, MailTemplate.updated_at, Staff.name).outerjoin(
        Staff, Staff.id == MailTemplate.updated_by_id
    )
    found = db.session.execute(query)
    changed = {(one.notice, one.language): reader.changed(one.updated_at, one.name) for one in found}
    return [[_row(notice, language, changed) for language in LANGUAGES] for notice in EDITABLE]


def row(notice: str, language: str, reader: Reader) -> Row:
    return next(one for line in rows(reader) for one in line if (one.notice, one.language) == (notice, language))


def placeholders(language: str) -> list[Placeholder]:
    """What can stand in braces, by the names of that language, and what it becomes."""
    meanings = (
        ("номер", "number", _("номер заявки")),
        ("обращение", "greeting", _("«Ольга Сергеевна, здравствуйте!», а без имени «Здравствуйте!»")),
        ("имя", "name", _("имя и отчество; пусто, если мы их не знаем")),
        ("тема", "title", _("первые слова заявки; «ваша заявка», пока адрес не подтверждён")),
        ("компания", "company", _("компания клиента; пусто, пока адрес не подтверждён")),
        ("срок", "due", _("крайний срок решения")),
        ("причина", "why", _("почему такой срок")),
        ("инженер", "engineer", _("кто занимается заявкой")),
        ("ссылка", "link", _("страница заявки для клиента")),
        ("закроется", "closing", _("когда решённая заявка закроется сама")),
    )
    return [Placeholder(f"{{{ru if language == 'ru' else en}}}", meaning) for ru, en, meaning in meanings]


def _row(notice: str, language: str, changed: dict[tuple[str, str], str]) -> Row:
    name, when = _kind(notice)
    return Row(notice, language, name, when, changed.get((notice, language), ""))


def _kind(notice: str) -> tuple[str, str]:
    kinds = {
        "registered": (_("Заявка принята"), _("Сразу, с номером и сроком")),
        "taken": (_("Заявка в работе"), _("Инженер взял заявку")),
        "replied": (_("Ответ инженера"), _("Ваши слова стоят перед словами инженера")),
        "asked": (_("Вопрос инженера"), _("Ваши слова стоят перед вопросом")),
        "reminded": (_("Ждём ответа клиента"), _("Вопрос задан, ответа нет")),
        "solved": (_("Заявка решена"), _("Ваши слова стоят перед решением и оценкой")),
        "closing": (_("Скоро закроется"), _("За день до закрытия")),
        "closed": (_("Заявка закрыта"), _("Если это письмо включено в настройках")),
        "reopened": (_("Снова в работе"), _("Клиент открыл заявку заново")),
    }
    return kinds[notice]

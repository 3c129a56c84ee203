"""Letters in the manager's own words: a subject and an opening with placeholders, put in by plain replacement.

Number, deadline, links, rating and phones stay where the desk has put them: no wording can take them out. What is put
in is never looked at again, so that no name and no title can be a placeholder, let alone code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from sqlalchemy import bindparam, select

from app.extensions import db
from app.models.mail_template import MailTemplate
from app.notify import plain_text
from app.notify.facts import Facts
from app.translate import _

EDITABLE = ("registered", "taken", "replied", "asked", "reminded", "solved", "closing", "closed", "reopened")
LANGUAGES = ("ru", "en")
LONGEST_SUBJECT, LONGEST_TEXT = 150, 5000
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_NAMES = {
    "номер": "number", "обращение": "greeting", "имя": "name", "тема": "title", "компания": "company", "срок": "due",
    "причина": "why", "инженер": "engineer", "ссылка": "link", "закроется": "closing",
}  # fmt: skip
_FOUND = select(MailTemplate).where(
    MailTemplate.notice == bindparam("notice"), MailTemplate.language == bindparam("language")
)


@dataclass(frozen=True)
class Wording:
    """A subject and an opening, with their placeholders or with what was put in."""

    subject: str
    text: str


def placeholders(language: str) -> list[str]:
    """The names that can stand in braces, in that language; those of the other are understood as well."""
    return list(_NAMES if language == "ru" else _NAMES.values())


def found(notice: str, language: str) -> Wording | None:
    """The manager's wording of a kind of letter, if they changed it."""
    row = db.session.scalars(_FOUND, {"notice": notice, "language": language}).first()
    return Wording(row.subject, row.text) if row else None


def original(notice: str, language: str) -> Wording:
    """What the editor begins with: close to what the desk writes by itself."""
    with force_locale(language):
        return _original(notice, language)


def _original(notice: str, language: str) -> Wording:
    names = placeholders(language)
    number, greeting, due, engineer, closing = (f"{{{names[place]}}}" for place in (0, 1, 5, 7, 9))
    match notice:
        case "registered":
            return Wording(
                _("Заявка %(number)s принята, срок %(due)s", number=number, due=due),
                f"{greeting} {_('Мы получили вашу заявку.')}",
            )
        case "taken":
            return Wording(
                _("Заявка %(number)s в работе", number=number),
                _("Заявкой %(number)s занимается инженер %(name)s.", number=number, name=engineer),
            )
        case "replied":
            return Wording(_("Заявка %(number)s: ответ инженера", number=number), greeting)
        case "asked":
            return Wording(_("Заявка %(number)s: нужен ваш ответ", number=number), greeting)
        case "reminded":
            words = _("Инженер спросил вас по заявке %(number)s, а ответа пока нет. Без него мы не сможем продолжить.",
                      number=number)  # fmt: skip
            return Wording(_("Заявка %(number)s: ждём вашего ответа", number=number), words)
        case "solved":
            return Wording(_("Заявка %(number)s решена. Оцените, пожалуйста", number=number), greeting)
        case "closing":
            words = _("Мы решили заявку %(number)s и не получили ответа.", number=number)
            return Wording(_("Заявка %(number)s закроется %(moment)s", number=number, moment=closing), words)
        case "closed":
            words = _("Ответа на решение заявки %(number)s не было, и мы её закрыли.", number=number)
            return Wording(_("Заявка %(number)s закрыта", number=number), words)
    words = _("Мы снова взяли заявку %(number)s в работу.", number=number)
    return Wording(_("Заявка %(number)s снова в работе, срок %(due)s", number=number, due=due), words)


def errors(wording: Wording, language: str) -> dict[str, str]:
    """Why a wording cannot be used, by field; an unknown placeholder would be read by customers."""
    found = {"subject": _error(wording.subject, LONGEST_SUBJECT, language)}
    found["text"] = _error(wording.text, LONGEST_TEXT, language)
    return {name: words for name, words in found.items() if words}


def cleaned(subject: str, text: str) -> Wording:
    """As it is kept: a subject of one line, a text without control characters."""
    return Wording(" ".join(plain_text.body(subject).split()), plain_text.body(text).strip())


def filled(wording: Wording, facts: Facts, words: Mapping[str, Any]) -> Wording:
    """With what this letter tells in place of the placeholders."""
    values = _values(facts, words)
    due = f"{values['due']} {words['zone']}" if words["due"] else values["due"]
    closing = f"{words['closing']} {words['zone']}" if words["closing"] else ""
    return Wording(_put(wording.subject, values), _put(wording.text, {**values, "due": due, "closing": closing}))


def _error(text: str, longest: int, language: str) -> str:
    if not text:
        return _("Напишите здесь что-нибудь или верните исходный текст.")
    if len(text) > longest:
        return _("Не длиннее %(count)s знаков.", count=longest)
    unknown = [name for name in _PLACEHOLDER.findall(text) if _key(name) is None]
    if unknown or "{" in _PLACEHOLDER.sub("", text):
        known = ", ".join(f"{{{name}}}" for name in placeholders(language))
        given = f"{{{unknown[0][:40]}}}" if unknown else "{"
        return _("Такой подстановки нет: %(name)s. Есть: %(known)s.", name=given, known=known)
    return ""


def _key(name: str) -> str | None:
    name = name.strip().lower()
    return _NAMES.get(name) or (name if name in _NAMES.values() else None)


def _put(text: str, values: Mapping[str, str]) -> str:
    """One pass: what was put in is not read again."""
    return _PLACEHOLDER.sub(lambda found: values.get(_key(found[1]) or "", found[0]), text)


def _values(facts: Facts, words: Mapping[str, Any]) -> dict[str, str]:
    """Only what may stand in this letter: nothing of the customer's where the address is nobody's yet (M10)."""
    ticket, name = facts.ticket, facts.addressed
    engineer = facts.author or (facts.engineer.name if facts.engineer else "")
    return {
        "number": ticket.number,
        "greeting": _("%(name)s, здравствуйте!", name=name) if name else _("Здравствуйте!"),
        "name": name,
        "title": facts.title or _("ваша заявка"),
        "company": plain_text.line(ticket.company_name, 120) if facts.shows_own_words else "",
        "due": words["due"] or _("уточняется"),
        "why": facts.promise.why if facts.promise else "",
        "engineer": engineer or _("нашей службы"),
        "link": facts.link,
        "closing": words["closing"],
    }

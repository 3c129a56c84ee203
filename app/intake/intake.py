"""Intake: what came in by any road, validated once, in one shape."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app import phones
from app.actor import Actor
from app.clock import now
from app.environment import ADDRESS
from app.errors import IntakeRejected
from app.models.person import Person
from app.models.ticket import Ticket
from app.models.words import Channel, Urgency
from app.tickets.contributions import LONGEST_TEXT, KeptFile
from app.translate import _

LONGEST_ADDRESS = 254
MOST_FILES = 10
LONGEST = {"company": 200, "name": 200, "phone": 40, "whose": 500, "where": 500, "links": 4000, "title": 250}
_LINE_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_KEPT_CONTROLS = {"\n", "\t"}


@dataclass(frozen=True)
class Intake:
    """One thing that came in: a new request, or (``ticket`` set) more on one that exists.

    ``key``: the road's own id of it; the same key on the same channel is the same thing, however often it comes.
    """

    channel: Channel
    text: str
    at: datetime = field(default_factory=now)
    key: str | None = None
    title: str = ""
    whose: str = ""
    where: str = ""
    links: str = ""
    urgency: Urgency = Urgency.NORMAL
    name: str = ""
    email: str = ""
    phone: str = ""
    company: str = ""
    language: str = "ru"
    files: Sequence[KeptFile] = ()
    content_ids: Mapping[str, str] = field(default_factory=dict)
    missing: Sequence[str] = ()
    quoted: str = ""
    flags: Sequence[str] = ()
    letter_id: int | None = None
    ticket: Ticket | None = None
    is_automatic: bool = False  # a robot's letter: filed, changes nothing
    must_not_reopen: bool = False
    proves_address: bool = False  # a token of ours came back: the address is the writer's
    number: str = ""  # of the new request, where the applicant has heard it already
    by: Actor | None = None  # staff who register for somebody else; None: the applicant
    person: Person | None = None  # who it is for certain: the road itself knows (a paired chat)
    is_only_claimed: bool = False  # whoever it says it is: nothing we know of them is told, a number finds nobody


def checked(
    fields: Mapping[str, str],
    *,
    channel: Channel,
    files: Sequence[KeptFile] = (),
    key: str | None = None,
    by: Actor | None = None,
) -> Intake:
    """An Intake of a filled-in form (site, phone call, API); raises IntakeRejected with a sentence per wrong field.

    ``fields``: company name email phone what whose where urgency links title, as typed.
    """
    clean = {name: clean_text(fields.get(name, ""), is_line=name not in {"what", "links"}) for name in _FIELDS}
    errors: dict[str, str] = {}
    _check_text(clean["what"], errors)
    _check_contacts(clean, channel, errors)
    if clean["urgency"] not in {"", "normal", "urgent"}:
        errors["urgency"] = "Выберите, насколько срочно: обычная или срочная."
    _check_sizes(clean, files, errors)
    if errors:
        raise IntakeRejected(errors)
    return Intake(
        channel=channel,
        text=clean["what"],
        key=key,
        title=clean["title"],
        whose=clean["whose"],
        where=clean["where"],
        links=clean["links"],
        urgency=Urgency(clean["urgency"] or "normal"),
        name=clean["name"],
        email=clean["email"].lower(),
        phone=phones.e164(clean["phone"]) or clean["phone"],
        company=clean["company"],
        files=files,
        by=by,
    )


_FIELDS = ("company", "name", "email", "phone", "what", "whose", "where", "urgency", "links", "title")


def address_error(address: str) -> str | None:
    """What is wrong with a typed e-mail address, as a sentence; None when nothing is."""
    if not address:
        return "Напишите e-mail: на него придут номер заявки и срок."
    if "@" not in address:
        return "В e-mail не хватает знака @."
    if len(address) > LONGEST_ADDRESS or not ADDRESS.fullmatch(address) or ".." in address:
        return "Похоже, в e-mail опечатка. Пример: o.petrova@neva-trade.ru"
    return None


def _check_sizes(clean: Mapping[str, str], files: Sequence[KeptFile], errors: dict[str, str]) -> None:
    for name, most in LONGEST.items():
        if len(clean[name]) > most:
            errors.setdefault(name, _("Слишком длинно: здесь помещается %(most)s знаков.", most=most))
    if len(files) > MOST_FILES:
        errors["files"] = _("Файлов больше %(most)s. Уберите лишние или пришлите ссылку.", most=MOST_FILES)


def _check_text(text: str, errors: dict[str, str]) -> None:
    if not text:
        errors["what"] = "Напишите, что случилось."
    elif len(text) > LONGEST_TEXT:
        errors["what"] = "Текст длиннее 100 000 знаков. Пришлите его файлом."


def _check_contacts(clean: Mapping[str, str], channel: Channel, errors: dict[str, str]) -> None:
    is_complete = channel is Channel.WEB  # a caller or a program may know less
    if (is_complete or clean["email"]) and (wrong := address_error(clean["email"])):
        errors["email"] = wrong
    if is_complete and not clean["company"]:
        errors["company"] = "Напишите, из какой вы компании."
    if not clean["name"] and (is_complete or not clean["email"]):
        is_told = channel is Channel.PHONE  # an engineer fills it in for whoever calls
        errors["name"] = "Напишите, как зовут того, кто звонит." if is_told else "Напишите, как к вам обращаться."
    if is_complete and not clean["phone"]:
        errors["phone"] = "Напишите телефон, чтобы инженер мог уточнить детали."
    elif clean["phone"] and not re.search(r"\d{3}", re.sub(r"\D", "", clean["phone"])):
        errors["phone"] = "В телефоне не хватает цифр."
    if not is_complete and not clean["email"] and not clean["phone"]:
        errors["phone"] = "Нужен телефон или e-mail, иначе клиенту не ответить."


def clean_text(text: str, *, is_line: bool) -> str:
    """Text as people meant it: NFC, one kind of line end, no control or direction characters."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    text = _LINE_BREAKS.sub(" ", text) if is_line else text.replace("\u2028", "\n")
    kept = (char for char in text if char in _KEPT_CONTROLS or unicodedata.category(char) not in {"Cc", "Cf", "Cs"})
    return "".join(kept).strip()

"""What can be imported: the columns of each kind, and how one checked record becomes a row of the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update

from app import clients, durations, intake, phones, tickets
from app.actor import SYSTEM
from app.clock import now
from app.config import settings
from app.environment import ADDRESS
from app.errors import IntakeRejected
from app.extensions import db
from app.intake.identify import by_name
from app.intake.mime.text import clean_line
from app.models.company import Company
from app.models.event import Event
from app.models.person import Person
from app.models.words import Channel, Notify, UrgentClock
from app.tickets import Contribution

Parser = Callable[[str], Any]
Values = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """``columns``: name to parser; ``required``: those that every record must fill; ``save``: makes or changes."""

    columns: Mapping[str, Parser]
    required: tuple[str, ...]
    save: Callable[[Values], None]


def _address(text: str) -> str:
    if not ADDRESS.fullmatch(text):
        raise ValueError(f"{text!r} is no e-mail address")
    return text.lower()


def _domains(text: str) -> list[str]:
    return text.replace(",", " ").replace(";", " ").split()


def _day(text: str) -> date:
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    raise ValueError(f"{text!r} is no day: write it like 2026-11-25 or 25.11.2026")


def _moment(text: str) -> datetime:
    """With an offset, or by the clock of the desk's zone."""
    for form in ("%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=settings().time_zone)
        except ValueError:
            continue
    return durations.parse_moment(text)


def _one_of(kind: type[StrEnum]) -> Parser:
    def parse(text: str) -> StrEnum:
        if text not in {member.value for member in kind}:
            raise ValueError(f"{text!r} is none of {', '.join(member.value for member in kind)}")
        return kind(text)

    return parse


class Stage(StrEnum):
    """How far an imported request had come."""

    OPEN = "open"
    CLOSED = "closed"


def _company(values: Values) -> Company:
    company = by_name(values["company"])
    if company is None:
        raise ValueError(f"there is no company {values['company']!r}, or more than one")
    found = clients.with_parts(company.id)
    assert found is not None
    return found


def _save_company(values: Values) -> None:
    known = by_name(values["name"])
    company = clients.with_parts(known.id) if known else None
    if company is None:
        clients.make_company(values, now())
    else:
        clients.change_company(company, values, now())


def _save_contract(values: Values) -> None:
    terms = {name: value for name, value in values.items() if name != "company"}
    clients.change_company(_company(values), {"contract": terms}, now())


def _save_person(values: Values) -> None:
    fields = {name: value for name, value in values.items() if name != "company"}
    if "company" in values:
        fields["company_id"] = _company(values).id
    person = clients.person_with(values["email"]) if "email" in values else _with_phone(values.get("phone", ""))
    if person is None:
        clients.make_person(fields, now())
    else:
        clients.change_person(person, fields)
    db.session.flush()


def _with_phone(phone: str) -> Person | None:
    number = phones.e164(phone)
    return db.session.scalars(select(Person).where(Person.phone == number).limit(1)).first() if number else None


def _save_request(values: Values) -> None:
    """An old request comes in without letters. One that is open is promised from now on, whatever its age."""
    created_at = values.get("created_at", now())
    if created_at > now():
        raise ValueError("created_at: this moment is still to come")
    is_closed = values.get("state") is Stage.CLOSED
    fields = {name: str(value) for name, value in values.items() if name in _TYPED}
    channel = values.get("channel", Channel.API)
    key = f"import:{values['key']}"[:120] if "key" in values else None
    checked = intake.checked(fields, channel=channel if channel is not Channel.WEB else Channel.API, key=key)
    receipt = intake.receive(replace(checked, channel=channel, at=created_at if is_closed else now()))
    if receipt.is_repeat:
        return
    ticket = receipt.ticket
    ticket.created_at = created_at
    if is_closed:
        ended_at = max(values.get("solved_at", created_at), created_at)
        said = Contribution(values.get("solution", "Решена до переноса в HelpDesk."))
        tickets.solve(ticket, said, SYSTEM, ended_at)
        tickets.close(ticket, ended_at)
    db.session.flush()
    silence = update(Event).where(Event.ticket_id == ticket.id).values(drain_at=None)
    db.session.execute(silence, execution_options={"synchronize_session": False})


_TYPED = ("what", "title", "whose", "where", "links", "urgency", "company", "name", "email", "phone")

KINDS: dict[str, Kind] = {
    "companies": Kind(
        {"name": clean_line, "domains": _domains, "notice_email": _address, "notify": _one_of(Notify)},
        ("name",),
        _save_company,
    ),
    "people": Kind(
        {"name": clean_line, "email": _address, "phone": clean_line, "company": clean_line}, (), _save_person
    ),
    "contracts": Kind(
        {
            "company": clean_line,
            "number": clean_line,
            "valid_from": _day,
            "valid_to": _day,
            "calendar": clean_line,
            "reaction": durations.parse,
            "solution": durations.parse,
            "urgent_clock": _one_of(UrgentClock),
        },
        ("company", "number", "valid_from"),
        _save_contract,
    ),
    "requests": Kind(
        {
            **dict.fromkeys(_TYPED, str),
            "key": clean_line,
            "channel": _one_of(Channel),
            "state": _one_of(Stage),
            "created_at": _moment,
            "solved_at": _moment,
            "solution": str,
        },
        ("what",),
        _save_request,
    ),
}


def checked(kind: Kind, typed: Mapping[str, str]) -> Values:
    """The filled cells of a record, parsed; raises IntakeRejected with a sentence per wrong cell."""
    errors = {name: "is empty" for name in kind.required if not typed.get(name)}
    values: Values = {}
    if "" in typed:
        errors["row"] = typed[""]
    for name, text in typed.items():
        if not text or name == "":
            continue
        try:
            values[name] = kind.columns[name](text)
        except ValueError as error:
            errors[name] = str(error)
    if errors:
        raise IntakeRejected({name: f"{name}: {sentence}" for name, sentence in errors.items()})
    return values

"""What can be imported: the columns of each kind, and how one checked record becomes a row of the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from app import clients, contracts, intake, joined, outbox, phones, tickets
from app.actor import SYSTEM
from app.clock import now
from app.errors import IntakeRejected
from app.extensions import db
from app.imports import cells
from app.imports.cells import Parser
from app.imports.rows import Row, read, russian_or_english
from app.intake.identify import by_name
from app.intake.mime.text import clean_line
from app.models.company import Company, name_key
from app.models.event import Event
from app.models.person import Person
from app.models.words import Channel, Notify, UrgentClock
from app.tickets import Contribution
from app.translate import _, speaks_source

Values = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """``columns``: name to parser; ``required``: those that every record must fill; ``save``: makes or changes."""

    columns: Mapping[str, Parser]
    required: tuple[str, ...]
    save: Callable[[Values], None]
    called: Mapping[str, str] = field(default_factory=dict)  # Russian headings that suit this kind better

    def heading(self, name: str) -> str:
        """A column's name for the reader: as a Russian file has it, or as an English one."""
        own = self.called.get(name) if speaks_source() else None
        return own or russian_or_english(name)

    def read(self, content: bytes) -> list[Row]:
        """The records of a file; raises UnreadableFile."""
        return read(content, self.columns, self.required, self.heading)


class Stage(StrEnum):
    """How far an imported request had come."""

    OPEN = "open"
    CLOSED = "closed"


def _company(values: Values) -> Company:
    company = by_name(values["company"], with_archived=True)
    if company is None:
        namesakes = select(Company.id).where(Company.name_key == name_key(values["company"]))
        if db.session.scalars(namesakes).first():
            raise ValueError(
                _("компаний с названием %(name)r несколько: объедините их карточки", name=values["company"])
            )
        raise ValueError(_("компании %(name)r нет: сначала загрузите компании", name=values["company"]))
    return company


def _save_company(values: Values) -> None:
    known = by_name(values["name"], with_archived=True)
    company = clients.with_parts(known.id) if known else None
    if (
        company is None
        and db.session.scalars(select(Company.id).where(Company.name_key == name_key(values["name"]))).first()
    ):
        raise ValueError(_("компаний с названием %(name)r несколько", name=values["name"]))
    if company is None:
        clients.make_company(values, now())
    else:
        clients.change_company(company, values, now())


def _save_contract(values: Values) -> None:
    terms = {name: value for name, value in values.items() if name != "company"}
    company = clients.with_parts(_company(values).id)
    assert company is not None
    clients.change_company(company, {"contract": terms}, now())


def _save_person(values: Values) -> None:
    fields = {name: value for name, value in values.items() if name != "company"}
    if "company" in values:
        fields["company_id"] = _company(values).id
    person = clients.person_with(values["email"]) if "email" in values else _with_phone(values.get("phone", ""))
    if person is not None and person.merged_into_id is not None:
        person = joined.kept(person)
        fields.pop("email", None)  # an address of theirs beside their own
    if fields.get("is_contact") and not ("email" in values and ((person and person.company_id) or "company" in values)):
        raise ValueError(_("контактному лицу нужны почта и компания"))
    if person is None:
        clients.make_person(fields, now())
    else:
        clients.change_person(person, fields)
    db.session.flush()


def _with_phone(phone: str) -> Person | None:
    number = phones.e164(phone)
    query = select(Person).where(Person.phone == number, Person.merged_into_id.is_(None)).limit(1)
    return db.session.scalars(query).first() if number else None


def _save_request(values: Values) -> None:
    """An old request comes in without letters. One that is open is promised from now on, whatever its age."""
    at = now()
    created_at = values.get("created_at", at)
    for column in ("created_at", "solved_at"):
        if values.get(column, at) > at:
            raise ValueError(_("%(column)s: этот момент ещё не наступил", column=column))
    is_closed = values.get("state") is Stage.CLOSED
    fields = {name: str(value) for name, value in values.items() if name in _TYPED}
    channel = values.get("channel", Channel.API)
    key = f"import:{values['key']}" if "key" in values else None
    checked = intake.checked(fields, channel=channel if channel is not Channel.WEB else Channel.API, key=key)
    receipt = intake.receive(replace(checked, channel=channel, at=created_at if is_closed else at))
    if receipt.is_repeat:
        return
    ticket = receipt.ticket
    ticket.created_at = created_at
    if is_closed:
        ended_at = max(values.get("solved_at", created_at), created_at)
        said = Contribution(values.get("solution", _("Решена до переноса в HelpDesk.")))
        tickets.solve(ticket, said, SYSTEM, ended_at)
        tickets.close(ticket, ended_at)
    db.session.flush()
    outbox.silence(Event.ticket_id == ticket.id)


_TYPED = ("what", "title", "whose", "where", "links", "urgency", "company", "name", "email", "phone")

KINDS: dict[str, Kind] = {
    "companies": Kind(
        {
            "name": cells.name,
            "domains": cells.domains,
            "notice_email": cells.address,
            "notify": cells.one_of(Notify),
            "notes": str,
        },
        ("name",),
        _save_company,
    ),
    "people": Kind(
        {
            "name": cells.name,
            "email": cells.address,
            "phone": clean_line,
            "company": clean_line,
            "position": cells.name,
            "is_contact": cells.flag,
            "notes": str,
        },
        (),
        _save_person,
        {"name": "имя"},
    ),
    "contracts": Kind(
        {
            "company": clean_line,
            "number": cells.line(60),
            "valid_from": cells.day,
            "valid_to": cells.day,
            "calendar": clean_line,
            "reaction": contracts.amount,
            "solution": contracts.amount,
            "urgent_clock": cells.one_of(UrgentClock),
            **dict.fromkeys(("urgent_take", "urgent_solve"), contracts.amount),
            **dict.fromkeys(("reopening_window", "reopening_minimum"), contracts.amount),
            "stops_for_third_party": cells.flag,
        },
        ("company", "number", "valid_from"),
        _save_contract,
    ),
    "requests": Kind(
        {
            **dict.fromkeys(_TYPED, str),
            "key": cells.line(100),
            "channel": cells.one_of(Channel),
            "state": cells.one_of(Stage),
            "created_at": cells.moment,
            "solved_at": cells.moment,
            "solution": str,
        },
        ("what",),
        _save_request,
        {"name": "имя", "solution": "решение"},
    ),
}


def checked(kind: Kind, typed: Mapping[str, str]) -> Values:
    """The filled cells of a record, parsed; raises IntakeRejected with a sentence per wrong cell."""
    errors = {name: _("пусто") for name in kind.required if not typed.get(name)}
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
        raise IntakeRejected({name: f"{kind.heading(name)}: {sentence}" for name, sentence in errors.items()})
    return values

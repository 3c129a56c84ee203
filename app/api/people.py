"""People who ask: by address, phone, company."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import client_history, clients, outbox, phones
from app.api import answers, schemas
from app.api.blueprint import bp
from app.api.caller import caller
from app.api.company_names import company_named
from app.api.contract import contract
from app.api.paging import page
from app.clock import now
from app.errors import NotFound
from app.extensions import db
from app.models.client_change import ChangeKind
from app.models.company import Company
from app.models.person import Person
from app.rows import find_row


@bp.get("/people")
@contract("List people.", asks=schemas.PersonSearch, answers=answers.PersonPage)
def list_people(given: dict[str, Any]) -> ResponseReturnValue:
    query = select(Person).where(Person.erased_at.is_(None))
    if email := given.get("email"):
        query = query.where(Person.email == email)
    if phone := given.get("phone"):
        query = query.where(Person.phone == (phones.e164(phone) or phone))
    if company := given.get("company"):
        query = query.where(Person.company_id == company_named(company).id)
    return page(query, Person.id, given, _shapes)


@bp.post("/people")
@contract("Make a person.", takes=schemas.NewPerson, answers=answers.Person, status=201)
def make_person(given: dict[str, Any]) -> ResponseReturnValue:
    with outbox.transaction():
        person = clients.make_person(_with_company_id(given), now())
        client_history.record(ChangeKind.MADE, caller(), now(), person_id=person.id)
    return _shapes([person])[0], 201


@bp.get("/people/<int:person_id>")
@contract("Read a person.", answers=answers.Person)
def read_person(person_id: int) -> ResponseReturnValue:
    return _shapes([_found(person_id)])[0]


@bp.patch("/people/<int:person_id>")
@contract("Change a person.", takes=schemas.PersonChange, answers=answers.Person)
def change_person(person_id: int, given: dict[str, Any]) -> ResponseReturnValue:
    with outbox.transaction():
        person, fields = _found(person_id), _with_company_id(given)
        before = {name: getattr(person, name) for name in fields}
        clients.change_person(person, fields)
        if different := [name for name in fields if getattr(person, name) != before[name]]:
            client_history.record(ChangeKind.CHANGED, caller(), now(), person_id=person_id, fields=different)
    return _shapes([person])[0]


def _found(person_id: int) -> Person:
    person = find_row(Person, person_id)
    if person is None:
        raise NotFound(f"There is no person {person_id}.")
    return person


def _with_company_id(given: dict[str, Any]) -> dict[str, Any]:
    fields = {name: value for name, value in given.items() if name != "company"}
    if "company" in given:
        fields["company_id"] = company_named(given["company"]).id if given["company"] else None
    return fields


def _shapes(people: Sequence[Person]) -> list[dict[str, Any]]:
    ids = {person.company_id for person in people if person.company_id}
    names = {
        row.id: row.name for row in db.session.execute(select(Company.id, Company.name).where(Company.id.in_(ids)))
    }
    return [
        {
            "id": person.id,
            "name": person.name,
            "email": person.email,
            "phone": person.phone,
            "company": names.get(person.company_id or 0),
        }
        for person in people
    ]

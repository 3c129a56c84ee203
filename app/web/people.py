"""People of client companies: the list, the card, making, changing, the archive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import client_archive, client_history, clients, outbox, phones
from app.clock import now
from app.errors import IntakeRejected
from app.extensions import db
from app.intake.intake import address_error
from app.intake.mime.text import clean_line
from app.models.client_change import ChangeKind, ClientChange
from app.models.company import Company
from app.models.person import Person
from app.reading import people as reading
from app.rows import find_row, typed_id
from app.web import form_seen
from app.web.company_form import notes_of
from app.web.translate import _
from app.web.viewer import actor

bp = Blueprint("people", __name__)

_LONGEST_QUERY, _LONGEST = 100, 200
_FIELDS = ("name", "email", "phone", "position", "company_id", "is_contact", "notes")


@bp.get("/people")
def index() -> str:
    """``?q=``, ``?company=``, ``?view=archive``; ``?after=`` the last one seen."""
    query, view = request.args.get("q", "")[:_LONGEST_QUERY], request.args.get("view", "")
    company = request.args.get("company", type=typed_id)
    page = reading.page(query, company, request.args.get("after", type=typed_id), archived=view == "archive")
    return render_template("people/index.html", page=page, query=query, view=view)


@bp.get("/people/new")
def new() -> str:
    return _form(None, {"company": request.args.get("company", "")}, {})


@bp.post("/people")
def create() -> ResponseReturnValue:
    try:
        with outbox.transaction():
            person = clients.make_person(_checked(request.form, None), now())
            client_history.record(ChangeKind.MADE, actor(), now(), person_id=person.id)
            person_id = person.id
    except IntakeRejected as refusal:
        return _form(None, request.form, refusal.errors), refusal.status
    flash(_("Человек добавлен."), "done")
    return redirect(url_for("people.show", person_id=person_id), 303)


@bp.get("/people/<int:person_id>")
def show(person_id: int) -> str:
    card = reading.card(reading.found(person_id))
    return render_template("people/show.html", card=card, person=card.person)


@bp.get("/people/<int:person_id>/edit")
def edit(person_id: int) -> str:
    person = reading.found(person_id)
    return _form(person, form_seen.sealed(_values(person)), {})


@bp.post("/people/<int:person_id>")
def change(person_id: int) -> ResponseReturnValue:
    try:
        with outbox.transaction():
            person = locked(person_id)
            form_seen.check(request.form, _values(person), ClientChange.person_id == person_id, _shown(person))
            before = {name: getattr(person, name) for name in _FIELDS}
            fields = _checked(request.form, person)
            if (phones.e164(fields["phone"]) or "") == (person.phone or ""):
                del fields["phone"]  # the same number in another spelling proves nothing new
            clients.change_person(person, fields)
            different = [name for name in _FIELDS if getattr(person, name) != before[name]]
            if different:
                client_history.record(ChangeKind.CHANGED, actor(), now(), person_id=person_id, fields=different)
    except form_seen.Overtaken as refusal:
        return _form(reading.found(person_id), refusal.typed, refusal.errors), refusal.status
    except IntakeRejected as refusal:
        return _form(reading.found(person_id), request.form, refusal.errors), refusal.status
    return redirect(url_for("people.show", person_id=person_id), 303)


@bp.post("/people/<int:person_id>/archive")
def archive(person_id: int) -> ResponseReturnValue:
    with outbox.transaction():
        client_archive.archive(locked(person_id), actor(), now())
    flash(_("Человек убран в архив. Вернуть его можно отсюда в любой момент."), "done")
    return redirect(url_for("people.show", person_id=person_id), 303)


@bp.post("/people/<int:person_id>/restoration")
def restore(person_id: int) -> ResponseReturnValue:
    with outbox.transaction():
        client_archive.restore(locked(person_id), actor(), now())
    return redirect(url_for("people.show", person_id=person_id), 303)


def locked(person_id: int) -> Person:
    """The person to change, as the last writer left them; raises NotFound."""
    find_row(Person, person_id, with_for_update=True, populate_existing=True)
    return reading.found(person_id)


def _values(person: Person) -> dict[str, str]:
    """The form as it is filled from a person."""
    known = {name: getattr(person, name) or "" for name in ("name", "email", "position", "notes")}
    known |= {"phone": phones.shown(person.phone or ""), "company": str(person.company_id or "")}
    return known | {"is_contact": "1" if person.is_contact else ""}


def _shown(person: Person) -> dict[str, str]:
    company = db.session.get(Company, person.company_id) if person.company_id else None
    return {"company": company.name if company else "", "is_contact": _("да") if person.is_contact else _("нет")}


def _checked(typed: Mapping[str, str], person: Person | None) -> dict[str, Any]:
    """Fields as ``clients.change_person`` takes them; IntakeRejected names each wrong one."""
    errors: dict[str, str] = {}
    lines = {name: clean_line(typed.get(name, "")) for name in ("name", "email", "phone", "position", "company")}
    if not lines["name"]:
        errors["name"] = _("Напишите имя.")
    for name in ("name", "position"):
        if len(lines[name]) > _LONGEST:
            errors[name] = _("Слишком длинно: здесь помещается %(most)s знаков.", most=_LONGEST)
    email = lines["email"].lower()
    if email and (wrong := address_error(email)):
        errors["email"] = _(wrong)
    elif email and (other := clients.person_with(email)) and other.id != (person.id if person else 0):
        errors["email"] = _("Этот адрес уже у другого человека: %(name)s.", name=other.name or email)
    if lines["phone"] and phones.e164(lines["phone"]) is None:
        errors["phone"] = _("Не похоже на телефон. Пример: %(example)s", example="+7 812 363-17-87")
    if not email and not lines["phone"]:
        errors["email"] = _("Нужен e-mail или телефон: иначе человека не узнать.")
    company = _company(lines["company"], person, errors)
    is_contact = bool(typed.get("is_contact"))
    if is_contact and not (email and company):
        errors["is_contact"] = _("Контактному лицу нужны e-mail и компания: код для входа приходит письмом.")
    notes = notes_of(typed, errors)
    if errors:
        raise IntakeRejected(errors)
    own = {"company_id": company.id if company else None, "is_contact": is_contact, "notes": notes}
    return {"name": lines["name"], "email": email, "phone": lines["phone"], "position": lines["position"], **own}


def _company(typed: str, person: Person | None, errors: dict[str, str]) -> Company | None:
    """The chosen company; an archived one may stay, and nobody new comes into it."""
    if not typed:
        return None
    company = find_row(Company, typed_id(typed))
    if company is None or (company.archived_at and (person is None or person.company_id != company.id)):
        errors["company"] = _("Такой компании нет. Выберите из списка.")
    return company


def _form(person: Person | None, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    companies: list[tuple[int, str]] = [(row.id, row.name) for row in reading.companies()]
    if person and person.company_id and person.company_id not in {one for one, _name in companies}:
        own = db.session.get_one(Company, person.company_id)
        companies = [(own.id, own.name), *companies]
    return render_template("people/form.html", person=person, typed=typed, errors=errors, companies=companies)

"""Two cards that are one company or one person: joined here, and taken apart from the list of changes."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import merging, outbox
from app.clock import now
from app.errors import NotFound
from app.models.client_change import ClientChange
from app.models.company import name_key
from app.reading import companies, people
from app.rows import find_row, typed_id
from app.web.translate import _
from app.web.viewer import actor, reader

bp = Blueprint("merges", __name__)

_LONGEST_QUERY = 100


@bp.get("/companies/<int:company_id>/merge")
def choose_company(company_id: int) -> str:
    """Which other card is this company too; ``?q=``: looked for, at first by the name."""
    company = companies.found(company_id)
    first = next(iter(name_key(company.name).split()), "")
    query = request.args.get("q", first)[:_LONGEST_QUERY]
    rows = [row for row in companies.page(query, None, reader(), archived=False).rows if row.id != company.id]
    return render_template("merges/company.html", company=company, query=query, rows=rows)


@bp.post("/companies/<int:company_id>/merge")
def merge_company(company_id: int) -> ResponseReturnValue:
    with outbox.transaction():
        joined = companies.found(_other())
        merging.merge_companies(companies.found(company_id), joined, actor(), now())
        name = joined.name
    flash(_("Компания %(name)s присоединена. Отменить можно в списке «Что меняли».", name=name), "done")
    return redirect(url_for("companies.show", company_id=company_id), 303)


@bp.get("/people/<int:person_id>/merge")
def choose_person(person_id: int) -> str:
    """Which other card is this person too; ``?q=``: looked for, at first by the surname."""
    person = people.found(person_id)
    first = next(iter(person.name.split()), "")
    query = request.args.get("q", first)[:_LONGEST_QUERY]
    rows = [row for row in people.page(query, None, None, archived=False).rows if row.id != person.id]
    return render_template("merges/person.html", person=person, query=query, rows=rows)


@bp.post("/people/<int:person_id>/merge")
def merge_person(person_id: int) -> ResponseReturnValue:
    with outbox.transaction():
        joined = people.found(_other())
        merging.merge_people(people.found(person_id), joined, actor(), now())
        name = joined.name or joined.email or joined.phone
    flash(_("«%(name)s» – тот же человек. Отменить можно в списке «Что меняли».", name=name), "done")
    return redirect(url_for("people.show", person_id=person_id), 303)


@bp.post("/merges/<int:change_id>/undo")
def undo(change_id: int) -> ResponseReturnValue:
    with outbox.transaction():
        change = find_row(ClientChange, change_id, with_for_update=True)
        if change is None:
            raise NotFound("Такого объединения нет. Вернитесь к списку.")
        merging.separate(change, actor(), now())
        person_id, company_id = change.person_id, change.company_id
    flash(_("Объединение отменено: карточек снова две."), "done")
    if person_id is not None:
        return redirect(url_for("people.show", person_id=person_id), 303)
    return redirect(url_for("companies.show", company_id=company_id), 303)


def _other() -> int:
    return typed_id(request.form.get("other", "")) or 0

"""Client companies: the list, the card, making, changing, the archive."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import client_archive, client_history, clients, outbox
from app.clock import now
from app.errors import IntakeRejected
from app.models.client_change import ChangeKind, ClientChange
from app.models.company import Company
from app.models.words import Notify
from app.reading import companies as reading
from app.reading import company_card
from app.rows import find_row, typed_id
from app.web import form_seen
from app.web.company_form import checked_company, notify_words, values_of
from app.web.translate import _
from app.web.viewer import actor, reader

bp = Blueprint("companies", __name__)

_LONGEST_QUERY = 100


@bp.get("/companies")
def index() -> str:
    """``?q=``: any part of a name, a contract's number, a domain; ``?view=archive``; ``?after=`` the last one seen."""
    query, view = request.args.get("q", "")[:_LONGEST_QUERY], request.args.get("view", "")
    page = reading.page(query, request.args.get("after", type=typed_id), reader(), archived=view == "archive")
    return render_template("companies/index.html", page=page, query=query, view=view)


@bp.get("/companies/new")
def new() -> str:
    return _form(None, {"notify": Notify.BOTH.value, "name": request.args.get("name", "")[:_LONGEST_QUERY]}, {})


@bp.post("/companies")
def create() -> ResponseReturnValue:
    try:
        with outbox.transaction():
            company = clients.make_company(checked_company(request.form, None), now())
            client_history.record(ChangeKind.MADE, actor(), now(), company_id=company.id)
            company_id = company.id
    except IntakeRejected as refusal:
        return _form(None, request.form, refusal.errors), refusal.status
    flash(_("Компания заведена. Теперь добавьте её договор и людей."), "done")
    return redirect(url_for("companies.show", company_id=company_id), 303)


@bp.get("/companies/<int:company_id>")
def show(company_id: int) -> str:
    card = company_card.card(reading.found(company_id), reader())
    return render_template("companies/show.html", card=card, company=card.company)


@bp.get("/companies/<int:company_id>/edit")
def edit(company_id: int) -> str:
    company = reading.found(company_id)
    return _form(company, form_seen.sealed(values_of(company)), {})


@bp.post("/companies/<int:company_id>")
def change(company_id: int) -> ResponseReturnValue:
    try:
        with outbox.transaction():
            company = locked(company_id)
            own = ClientChange.company_id == company_id
            form_seen.check(request.form, values_of(company), own, {"notify": notify_words()[company.notify]})
            fields = checked_company(request.form, company)
            before = {**vars(company), "domains": [row.domain for row in company.domains]}
            different = [name for name, value in fields.items() if _sorted(before.get(name)) != _sorted(value)]
            clients.change_company(company, {name: fields[name] for name in different}, now())
            if different:
                client_history.record(ChangeKind.CHANGED, actor(), now(), company_id=company_id, fields=different)
    except form_seen.Overtaken as refusal:
        return _form(reading.found(company_id), refusal.typed, refusal.errors), refusal.status
    except IntakeRejected as refusal:
        return _form(reading.found(company_id), request.form, refusal.errors), refusal.status
    return redirect(url_for("companies.show", company_id=company_id), 303)


@bp.post("/companies/<int:company_id>/archive")
def archive(company_id: int) -> ResponseReturnValue:
    with outbox.transaction():
        client_archive.archive(locked(company_id), actor(), now())
    flash(_("Компания убрана в архив. Вернуть её можно отсюда в любой момент."), "done")
    return redirect(url_for("companies.show", company_id=company_id), 303)


@bp.post("/companies/<int:company_id>/restoration")
def restore(company_id: int) -> ResponseReturnValue:
    with outbox.transaction():
        client_archive.restore(locked(company_id), actor(), now())
    return redirect(url_for("companies.show", company_id=company_id), 303)


def locked(company_id: int) -> Company:
    """The company to change, as the last writer left it; raises NotFound."""
    find_row(Company, company_id, with_for_update=True)
    return reading.found(company_id)


def _sorted(value: object) -> object:
    return sorted(value) if isinstance(value, list) else value


def _form(company: Company | None, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    words = {notify.value: words for notify, words in notify_words().items()}
    return render_template("companies/form.html", company=company, typed=typed, errors=errors, notify_words=words)

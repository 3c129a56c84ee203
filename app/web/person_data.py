"""A person's data on pages: what is kept, a copy of it, and erasing it for good. For administrators."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import outbox
from app.clock import now
from app.errors import IllegalMove, NotFound
from app.extensions import db
from app.models.person import Person
from app.models.person_data import PersonExport
from app.person_data import erasing, exports, waiting, whose
from app.person_data.preview import Preview, preview
from app.reading import people as reading
from app.rows import find_row
from app.web import downloads, people
from app.web.downloads import What
from app.web.translate import _
from app.web.viewer import actor

bp = Blueprint("person_data", __name__)

PRESS_LASTS = 2.0  # seconds of erasing that one press does; the workers do the rest


@bp.get("/people/<int:person_id>/data")
def show(person_id: int) -> ResponseReturnValue:
    person = reading.found(person_id)
    if person.merged_into_id is not None and person.erased_at is None:
        return redirect(url_for("person_data.show", person_id=person.merged_into_id))
    return _page(person, {})


@bp.get("/people/<int:person_id>/data/standing")
def standing(person_id: int) -> str:
    """The part that follows what is being done."""
    person = reading.found(person_id)
    return render_template("person_data/_standing.html", **_standing(person))


@bp.post("/people/<int:person_id>/exports")
def export(person_id: int) -> ResponseReturnValue:
    with outbox.transaction():
        person = people.locked(person_id)
        if person.erased_at is not None:
            raise IllegalMove(_("Данные этого человека уже стёрты."))
        export_id = exports.ask(person, actor(), now())
    if exports.is_small(export_id):
        db.session.rollback()
        exports.make(export_id)
    return redirect(url_for("person_data.show", person_id=person_id), 303)


@bp.get("/people/<int:person_id>/exports/<int:export_id>")
def fetch(person_id: int, export_id: int) -> ResponseReturnValue:
    """To whoever asked for it, and nobody else: a complaint that names them is not in it."""
    made = find_row(PersonExport, export_id)
    is_theirs = made is not None and (made.person_id, made.staff_id) == (person_id, actor().staff_id)
    if made is None or not is_theirs or made.ended_at is None or made.error:
        raise NotFound(_("Такой выгрузки нет: она хранится сутки. Сделайте новую."))
    return downloads.hand_out(What.EXPORT, made.id)


@bp.post("/people/<int:person_id>/erasure")
def erase(person_id: int) -> ResponseReturnValue:
    """Begin, and do as much as a press may; wrong, or open without the tick: 422 and what was typed."""
    person = reading.found(person_id)
    if person.erased_at is None and (errors := _wrong(person)):
        return _page(person, errors), 422
    with outbox.transaction():
        locked = people.locked(person_id)
        erasure_id = erasing.begin(locked, actor(), now(), is_with_open=bool(request.form.get("also_open"))).id
    erasing.proceed(erasure_id, now(), PRESS_LASTS)
    flash(_("Стираем: заявки, письма, файлы. Что не успелось сразу, сделается само."), "done")
    return redirect(url_for("person_data.show", person_id=person_id), 303)


def _wrong(person: Person) -> dict[str, str]:
    own = whose.of(person)
    seen, errors = preview(own, actor()), {}
    if not request.form.get("also_open") and (unfinished := waiting.what_waits(own, actor())):
        errors["also_open"] = unfinished
    if request.form.get("requests", "").strip() != str(seen.requests):
        errors["requests"] = _("Заявок сейчас %(count)s. Впишите это число, чтобы стереть.", count=seen.requests)
    return errors


def _page(person: Person, errors: dict[str, str]) -> str:
    own = whose.of(person)
    seen: Preview | None = None
    unfinished = ""
    if person.erased_at is None:
        seen, unfinished = preview(own, actor()), waiting.what_waits(own, actor())
    known = {"seen": seen, "waiting": unfinished, "own": own, "errors": errors, "typed": request.form}
    return render_template("person_data/show.html", **known, **_standing(person))


def _standing(person: Person) -> dict[str, object]:
    made = select(PersonExport).where(PersonExport.person_id == person.id, PersonExport.staff_id == actor().staff_id)
    copies = db.session.scalars(made.order_by(PersonExport.id.desc()).limit(exports.MOST_KEPT)).all()
    erasure = erasing.of_person(person.id)
    is_busy = any(one.ended_at is None for one in copies) or (erasure is not None and erasure.ended_at is None)
    return {"person": person, "exports": copies, "erasure": erasure, "is_busy": is_busy}

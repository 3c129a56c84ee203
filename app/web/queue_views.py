"""Narrowing a view of the queue, and keeping a selection at hand."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError

from app import outbox
from app.clock import now
from app.errors import NotFound
from app.extensions import db, insert_into
from app.models.saved_view import SavedView
from app.reading import queue_choices, saved_views
from app.reading.queue_selection import Selection
from app.translate import _
from app.web.viewer import actor, reader

bp = Blueprint("queue_views", __name__)

LONGEST_NAME, MOST = 60, 20


@bp.get("/queue/narrowing")
def narrow() -> str:
    """The form that narrows a view: into the page where it is asked for there, else a page of its own."""
    return _form({})


@bp.post("/queue/views")
def save() -> ResponseReturnValue:
    """Keep a selection under a name; the same name again is the new selection."""
    selection, name = Selection.parse(dict(parse_qsl(request.form.get("query", "")))), _name()
    errors = _wrong(name)
    if errors:
        return _form(errors, selection), 422
    with outbox.transaction():
        query = urlencode(selection.arguments)
        row = insert_into(SavedView).values(staff_id=actor().staff_id, name=name, query=query, created_at=now())
        db.session.execute(row.on_conflict_do_update(index_elements=["staff_id", "name"], set_={"query": query}))
    return redirect(url_for("queue.index", **selection.arguments), 303)


@bp.post("/queue/views/<int:view_id>/removal")
def remove(view_id: int) -> ResponseReturnValue:
    """Let go of it; the next page offers to keep it again."""
    with outbox.transaction():
        kept = _found(view_id)
        flash(f"{kept.query}\n{kept.name}", "view removed")
        selection = Selection.parse(dict(parse_qsl(kept.query)))
        db.session.delete(kept)
    return redirect(url_for("queue.index", **selection.arguments), 303)


@bp.post("/queue/views/<int:view_id>/name")
def rename(view_id: int) -> ResponseReturnValue:
    """Another name for it; the same again: nothing happens."""
    selection, name = Selection.parse(dict(parse_qsl(request.form.get("query", "")))), _name()
    errors = _wrong_name(name)
    try:
        with outbox.transaction():
            kept = _found(view_id)
            if not errors:
                kept.name = name
    except IntegrityError:
        errors = {"name": _("Вид с таким названием у вас уже есть.")}
    if errors:
        return _form({f"name-{view_id}": errors["name"]}, selection), 422
    return redirect(url_for("queue.index", **selection.arguments), 303)


@bp.post("/queue/views/<int:view_id>/selection")
def replace(view_id: int) -> ResponseReturnValue:
    """What is on the screen under that name; the next page offers what was there before."""
    selection = Selection.parse(dict(parse_qsl(request.form.get("query", ""))))
    with outbox.transaction():
        kept = _found(view_id)
        before, kept.query = kept.query, urlencode(selection.arguments)
        if before != kept.query:
            flash(f"{before}\n{kept.name}", "view replaced")
    return redirect(url_for("queue.index", **selection.arguments), 303)


def _found(view_id: int) -> SavedView:
    kept = db.session.scalars(_own().where(SavedView.id == view_id).with_for_update()).first()
    if kept is None:
        raise NotFound("Такого вида уже нет.")
    return kept


def _own() -> Select[SavedView]:
    return select(SavedView).where(SavedView.staff_id == actor().staff_id)


def _name() -> str:
    return " ".join(request.form.get("name", "").split())


def _wrong_name(name: str) -> dict[str, str]:
    if not name:
        return {"name": _("Назовите вид, например «1С и бухгалтерия».")}
    if len(name) > LONGEST_NAME:
        return {"name": _("Длиннее %(most)s знаков: в списке слева столько не поместится.", most=LONGEST_NAME)}
    return {}


def _wrong(name: str) -> dict[str, str]:
    if errors := _wrong_name(name):
        return errors
    kept = (SavedView.staff_id == actor().staff_id, SavedView.name != name)
    if (db.session.scalar(select(func.count()).select_from(SavedView).where(*kept)) or 0) >= MOST:
        return {"name": _("Больше %(most)s видов не помещается. Удалите лишние в списке слева.", most=MOST)}
    return {}


def _form(errors: dict[str, str], selection: Selection | None = None) -> str:
    selection = selection or Selection.parse(request.args)
    is_part = "HX-Request" in request.headers
    return render_template(
        "queue/_narrowing.html" if is_part else "queue/narrowing.html",
        selection=selection,
        query=urlencode(selection.arguments),
        choices=queue_choices.choices(),
        saved=saved_views.of(reader()),
        errors=errors,
        typed=request.form,
    )

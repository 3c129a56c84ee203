"""Answers worded beforehand: the list, an editor, and the text of one for a request."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import answer_templates, outbox
from app.clock import now
from app.errors import Forbidden, IntakeRejected
from app.models.answer_template import AnswerTemplate
from app.reading import answer_templates as reading
from app.reading import ticket
from app.web.translate import _
from app.web.viewer import actor, reader

bp = Blueprint("answer_templates", __name__)


@bp.get("/templates")
def index() -> str:
    return _list({})


@bp.post("/templates")
def make() -> ResponseReturnValue:
    try:
        with outbox.transaction():
            is_shared = bool(request.form.get("is_shared"))
            made = answer_templates.make(*_typed(), actor(), now(), is_shared=is_shared)
    except IntakeRejected as refusal:
        return _list(refusal.errors), 422
    return _done(_("Добавили шаблон: %(name)s.", name=made.name))


@bp.get("/templates/<int:template_id>")
def edit(template_id: int) -> str:
    return _form(answer_templates.found(template_id, actor()), {})


@bp.post("/templates/<int:template_id>")
def change(template_id: int) -> ResponseReturnValue:
    try:
        with outbox.transaction():
            answer_templates.change(answer_templates.found(template_id, actor()), *_typed(), actor(), now())
    except IntakeRejected as refusal:
        return _form(answer_templates.found(template_id, actor()), refusal.errors), 422
    return _done(_("Сохранили. Уже отправленные ответы не изменились."))


@bp.post("/templates/<int:template_id>/removal")
def put_away(template_id: int) -> ResponseReturnValue:
    """Take it out of the list; the next page offers to bring it back."""
    with outbox.transaction():
        template = answer_templates.found(template_id, actor())
        answer_templates.put_away(template, actor(), now())
        flash(f"{template.id}\n{template.name}", "put away")
    return redirect(url_for("answer_templates.index"), 303)


@bp.post("/templates/<int:template_id>/return")
def bring_back(template_id: int) -> ResponseReturnValue:
    with outbox.transaction():
        answer_templates.bring_back(answer_templates.found(template_id, actor()), actor())
    return redirect(url_for("answer_templates.index"), 303)


@bp.get("/tickets/<number>/templates/<int:template_id>")
def text(number: str, template_id: int) -> Response:
    """The text with what it names put in, for the script that sets it in at the cursor."""
    own = reader()
    filled = reading.filled(template_id, ticket.head(number, own), actor(), own)
    return Response(filled, mimetype="text/plain")


def _typed() -> tuple[str, str]:
    return request.form.get("name", ""), request.form.get("text", "")


def _list(errors: dict[str, str]) -> str:
    rows = answer_templates.of(actor())
    return render_template(
        "answer_templates/index.html",
        own=[row for row in rows if row.staff_id is not None],
        shared=[row for row in rows if row.staff_id is None],
        changed=reading.changed(rows, reader()),
        names=answer_templates.NAMES,
        is_manager=actor().is_manager,
        typed=request.form,
        errors=errors,
    )


def _form(template: AnswerTemplate, errors: dict[str, str]) -> str:
    if not answer_templates.may_change(template, actor()):
        raise Forbidden("Общий шаблон меняет руководитель HelpDesk. Сделайте похожий своим.")
    return render_template(
        "answer_templates/edit.html",
        template=template,
        typed=request.form if errors else template,
        names=answer_templates.NAMES,
        errors=errors,
    )


def _done(sentence: str) -> ResponseReturnValue:
    flash(sentence, "done")
    return redirect(url_for("answer_templates.index"), 303)

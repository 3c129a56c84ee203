"""Absences and substitutes by plain forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import outbox
from app.clock import now
from app.duty import absences
from app.errors import IntakeRejected, NotFound
from app.models.duty import DutyAbsence, DutyChange
from app.reading.staff import assignable
from app.rows import find_row
from app.web import duty_form
from app.web.duty_shifts import after
from app.web.translate import _
from app.web.viewer import actor

bp = Blueprint("duty_absences", __name__)
_FIELDS = ("staff", "substitute", "starts", "ends", "since", "until", "reason")


@bp.get("/duty/absences/new")
def new() -> str:
    """What is known stands in the address: of whom, and from when to when."""
    return _page(None, {name: request.args.get(name, "") for name in _FIELDS}, {})


@bp.post("/duty/absences")
def create() -> ResponseReturnValue:
    return _done(None, lambda: absences.be_away(duty_form.away(request.form), actor(), now()), _("Отсутствие внесено."))


@bp.get("/duty/absences/<int:absence_id>")
def edit(absence_id: int) -> str:
    absence = _found(absence_id)
    if absence is None:
        raise NotFound(_("Такой записи нет. Вернитесь к графику."))
    return _page(absence, {**duty_form.of_absence(absence), "seen": str(absence.version)}, {})


@bp.post("/duty/absences/<int:absence_id>")
def change(absence_id: int) -> ResponseReturnValue:
    def verb() -> DutyChange | None:
        return absences.change(absence_id, _seen(), duty_form.away(request.form), actor(), now())

    return _done(absence_id, verb, _("Отсутствие изменено."))


@bp.post("/duty/absences/<int:absence_id>/return")
def come_back(absence_id: int) -> ResponseReturnValue:
    return _done(
        absence_id, lambda: absences.come_back(absence_id, _seen(), actor(), now()), _("Отсутствие закончено.")
    )


def _done(absence_id: int | None, verb: Callable[[], DutyChange | None], words: str) -> ResponseReturnValue:
    try:
        with outbox.transaction():
            done = verb()
            change_id = done.id if done else 0
    except IntakeRejected as refusal:
        absence = _found(absence_id) if absence_id is not None else None
        known = {**duty_form.of_absence(absence), "seen": str(absence.version)} if absence else {}
        errors = {"staff" if name == "seen" else name: said for name, said in refusal.errors.items()}
        typed = {**known, **request.form.to_dict(), **({"seen": known["seen"]} if absence else {})}
        return _page(absence, typed, errors), refusal.status
    return after(change_id, words if change_id else _("Ничего не изменилось."))


def _seen() -> int:
    return request.form.get("seen", 0, type=int)


def _found(absence_id: int) -> DutyAbsence | None:
    return find_row(DutyAbsence, absence_id)


def _page(absence: DutyAbsence | None, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    action = url_for("duty_absences.change", absence_id=absence.id) if absence else url_for("duty_absences.create")
    return render_template(
        "duty/absence.html", absence=absence, action=action, people=assignable(), typed=typed, errors=errors
    )

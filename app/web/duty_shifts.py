"""Shifts by plain forms: give, change, swap, take out, repeat weeks forward."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import outbox
from app.clock import now
from app.duty import shifts
from app.errors import IntakeRejected, NotFound
from app.extensions import db
from app.models.duty import DutyChange, DutyShift
from app.reading.staff import assignable
from app.rows import find_row
from app.web import duty, duty_form
from app.web.translate import _
from app.web.viewer import actor

bp = Blueprint("duty_shifts", __name__)
_SWAPPABLE = timedelta(weeks=8)


@bp.get("/duty/shifts/new")
def new() -> str:
    """``?starts=&ends=``: a gap to fill; ``?day=``: from that morning to the next."""
    day = request.args.get("day", "")
    known = {"role": "owner", "starts": request.args.get("starts", ""), "ends": request.args.get("ends", "")}
    if day and (start := duty_form.moment_of(f"{day} 09:00")):
        known |= {"starts": duty_form.shown(start), "ends": duty_form.shown(start + timedelta(days=1))}
    return _new_page(known, {})


@bp.post("/duty/shifts")
def create() -> ResponseReturnValue:
    try:
        with outbox.transaction():
            done = shifts.give(duty_form.wanted(request.form), actor(), now()).id
    except IntakeRejected as refusal:
        return _new_page(request.form, refusal.errors), refusal.status
    return after(done, _("Смена внесена."))


@bp.get("/duty/shifts/<int:shift_id>")
def edit(shift_id: int) -> str:
    shift = _found(shift_id)
    return _edit_page(shift, {**duty_form.of_shift(shift), "seen": str(shift.version)}, {})


@bp.post("/duty/shifts/<int:shift_id>")
def change(shift_id: int) -> ResponseReturnValue:
    def verb() -> DutyChange | None:
        return shifts.change(shift_id, _seen(), duty_form.wanted(request.form), actor(), now())

    return _changed(shift_id, verb, _("Смена изменена."))


@bp.post("/duty/shifts/<int:shift_id>/removal")
def remove(shift_id: int) -> ResponseReturnValue:
    return _changed(shift_id, lambda: shifts.remove(shift_id, _seen(), actor(), now()), _("Смена убрана из графика."))


@bp.post("/duty/shifts/<int:shift_id>/swap")
def swap(shift_id: int) -> ResponseReturnValue:
    other = request.form.get("other", 0, type=int)
    return _changed(shift_id, lambda: shifts.swap(shift_id, _seen(), other, actor(), now()), _("Сменами поменялись."))


@bp.post("/duty/repetition")
def repeat() -> ResponseReturnValue:
    """Copy weeks forward."""
    weeks, times = (request.form.get(name, 0, type=int) for name in ("weeks", "times"))
    first = duty_form.monday_of(request.form.get("first", ""), now().date())
    try:
        with outbox.transaction():
            done = shifts.repeat(first, weeks, times, actor(), now())
            change_id = done.change.id if done.change else 0
    except IntakeRejected as refusal:
        return duty.page(refusal.errors), refusal.status
    said = _("Добавлено смен: %(made)s. Уже занятых осталось как было: %(taken)s.", made=done.made, taken=done.taken)
    return after(change_id, said)


def after(change_id: int, words: str) -> ResponseReturnValue:
    """To the roster, which says what was done and offers to take it back."""
    flash(f"{change_id} {words}", "duty")
    return duty.back()


def _changed(shift_id: int, verb: Callable[[], DutyChange | None], words: str) -> ResponseReturnValue:
    try:
        with outbox.transaction():
            done = verb()
            change_id = done.id if done else 0
    except IntakeRejected as refusal:
        shift = find_row(DutyShift, shift_id)
        if shift is None:
            return _new_page(request.form, _first_field(refusal.errors)), refusal.status
        typed = {**duty_form.of_shift(shift), **request.form.to_dict(), "seen": str(shift.version)}
        return _edit_page(shift, typed, _first_field(refusal.errors)), refusal.status
    return after(change_id, words if change_id else _("Ничего не изменилось."))


def _first_field(errors: dict[str, str]) -> dict[str, str]:
    return {"staff" if name == "seen" else name: said for name, said in errors.items()}


def _seen() -> int:
    return request.form.get("seen", 0, type=int)


def _found(shift_id: int) -> DutyShift:
    shift = find_row(DutyShift, shift_id)
    if shift is None:
        raise NotFound(_("Такой смены нет. Вернитесь к графику."))
    return shift


def _new_page(typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    action = url_for("duty_shifts.create")
    return render_template(
        "duty/shift.html", shift=None, action=action, people=assignable(), typed=typed, errors=errors
    )


def _edit_page(shift: DutyShift, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    people = assignable()
    return render_template(
        "duty/shift.html",
        shift=shift,
        action=url_for("duty_shifts.change", shift_id=shift.id),
        people=people,
        names={one.id: one.name for one in people},
        others=_others(shift),
        stretch=duty_form.of_stretch(shift.starts_at, shift.ends_at),
        typed=typed,
        errors=errors,
    )


def _others(shift: DutyShift) -> list[DutyShift]:
    """Shifts that this one can be swapped for."""
    at = now()
    if shift.starts_at <= at:
        return []
    near = (DutyShift.starts_at > at, DutyShift.starts_at < shift.starts_at + _SWAPPABLE)
    query = select(DutyShift).where(DutyShift.staff_id != shift.staff_id, *near)
    return list(db.session.scalars(query.order_by(DutyShift.starts_at).limit(60)))

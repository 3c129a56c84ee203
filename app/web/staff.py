"""The administrator's page of the staff: invite, change, disable, bring back, mail a link for a new password."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import database, outbox
from app.accounts import links, second_factor, staffing
from app.clock import now
from app.errors import IllegalMove, IntakeRejected, NotFound
from app.models.account import LinkKind
from app.models.staff import Staff
from app.models.words import Role
from app.reading import staff as reading
from app.rows import find_row
from app.web.translate import _

bp = Blueprint("staff", __name__)


@bp.get("/staff")
def index() -> str:
    return _page({})


@bp.post("/staff")
def invite() -> ResponseReturnValue:
    typed = request.form
    try:
        with outbox.transaction():
            member = staffing.invite(typed.get("email", ""), typed.get("name", ""), typed.get("role", ""), now())
    except IntakeRejected as refusal:
        return _page(refusal.errors), refusal.status
    flash(_("Приглашение отправлено: %(email)s. Ссылка в письме действует неделю.", email=member.email), "done")
    return redirect(url_for("staff.index"), 303)


@bp.get("/staff/<int:staff_id>")
def show(staff_id: int) -> str:
    return _card(_found(staff_id), {})


@bp.post("/staff/<int:staff_id>")
def change(staff_id: int) -> ResponseReturnValue:
    try:
        with outbox.transaction():
            staffing.change(_found(staff_id), request.form.get("name", ""), request.form.get("role", ""))
    except (IntakeRejected, IllegalMove) as refusal:
        return _refused(staff_id, refusal)
    return _done(staff_id, _("Сохранено."))


@bp.post("/staff/<int:staff_id>/disabling")
def disable(staff_id: int) -> ResponseReturnValue:
    try:
        with outbox.transaction():
            staffing.disable(_found(staff_id), now())
    except IllegalMove as refusal:
        return _refused(staff_id, refusal)
    return _done(staff_id, _("Отключено: все входы закрыты, чаты с ботом отвязаны. Заявки остались с именем."))


@bp.post("/staff/<int:staff_id>/return")
def bring_back(staff_id: int) -> ResponseReturnValue:
    with outbox.transaction():
        member = _found(staff_id)
        if member.is_disabled:
            staffing.bring_back(member, now())
    return _done(staff_id, _("Возвращено: письмо со ссылкой для нового пароля отправлено."))


@bp.post("/staff/<int:staff_id>/link")
def mail_link(staff_id: int) -> ResponseReturnValue:
    """A link for a new password; the old one works until the link is used."""
    with outbox.transaction():
        member = _found(staff_id)
        if not member.is_disabled:
            links.mail(member, LinkKind.RESET if reading.has_password(member) else LinkKind.INVITATION, now())
    return _done(staff_id, _("Письмо со ссылкой для нового пароля отправлено."))


@bp.post("/staff/<int:staff_id>/second-factor/removal")
def forget_factor(staff_id: int) -> ResponseReturnValue:
    """For a lost phone: the password alone is enough until a new one is set up. The owner is told by letter."""
    with outbox.transaction():
        second_factor.turn_off(_found(staff_id), now())
    return _done(staff_id, _("Второй фактор отключён, сотрудник извещён письмом."))


def _found(staff_id: int) -> Staff:
    """Locked for who changes it; a page locks no one, as every act of theirs names this row."""
    is_change = not database.is_reading()
    member = find_row(Staff, staff_id, with_for_update=is_change, populate_existing=is_change)
    if member is None:
        raise NotFound("Такого сотрудника нет. Вернитесь к списку.")
    return member


def _done(staff_id: int, sentence: str) -> ResponseReturnValue:
    flash(sentence, "done")
    return redirect(url_for("staff.show", staff_id=staff_id), 303)


def _refused(staff_id: int, refusal: IntakeRejected | IllegalMove) -> ResponseReturnValue:
    errors = refusal.errors if isinstance(refusal, IntakeRejected) else {"role": refusal.message}
    return _card(_found(staff_id), errors), refusal.status


def _page(errors: dict[str, str]) -> str:
    return render_template(
        "staff/index.html", rows=reading.listed(), roles=list(Role), typed=request.form, errors=errors
    )


def _card(member: Staff, errors: dict[str, str]) -> str:
    return render_template(
        "staff/show.html", row=reading.row(member), roles=list(Role), typed=request.form, errors=errors
    )

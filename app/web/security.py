"""A member of staff's own keys: password, second factor, and the browsers that are signed in."""

from __future__ import annotations

import io

import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user
from markupsafe import Markup

from app import outbox, sessions
from app.accounts import links, passwords, second_factor
from app.clock import now
from app.config import settings
from app.extensions import db, limiter
from app.models.account import SecondFactor
from app.models.staff import Staff
from app.reading.devices import device
from app.web.translate import _
from app.web.viewer import actor

bp = Blueprint("security", __name__)


@bp.get("/me/security")
def show() -> ResponseReturnValue:
    return _page({})


@bp.post("/me/security/password")
@limiter.limit(lambda: settings().login_limit)
def change_password() -> ResponseReturnValue:
    """Every other browser is signed out; this one goes on with a new key."""
    with outbox.transaction():
        member = _member()
        errors = _password_wrong(member, "current")
        password = request.form.get("password", "")
        errors |= passwords.refusal(password, request.form.get("repeated", ""), member.email)
        if errors:
            return _page(errors), 422
        links.set_password(member, password, now())
        viewer = sessions.start(member, request.user_agent.string)
    login_user(viewer)
    flash(_("Пароль изменён. На других устройствах нужно войти заново, чаты с ботом отключены."), "done")
    return redirect(url_for("security.show"), 303)


@bp.post("/me/security/second-factor")
def begin() -> ResponseReturnValue:
    """Show the picture for the app; nothing is on until a code of it was typed."""
    with outbox.transaction():
        second_factor.begin(_member())
    return redirect(url_for("security.show", _anchor="second-factor"), 303)


@bp.post("/me/security/second-factor/confirmation")
@limiter.limit(lambda: settings().login_limit)
def confirm() -> ResponseReturnValue:
    """On, with a code of the app and the password; the codes for a lost phone are shown this once."""
    with outbox.transaction():
        member = _member()
        factor = second_factor.begin(member)
        errors = _password_wrong(member, "factor_password")
        codes = [] if errors else second_factor.confirm(factor, member, request.form.get("code", ""), now())
        if not codes:
            wrong = {"code": _("Код не подошёл. Проверьте, верно ли идут часы телефона, и введите следующий.")}
            return _page(errors or wrong), 422
    return render_template("me/recovery.html", codes=codes)


@bp.post("/me/security/second-factor/removal")
@limiter.limit(lambda: settings().login_limit)
def turn_off() -> ResponseReturnValue:
    with outbox.transaction():
        member = _member()
        if errors := _password_wrong(member, "factor_password"):
            return _page(errors), 422
        second_factor.turn_off(member, now())
    flash(_("Второй фактор отключён: для входа достаточно пароля."), "done")
    return redirect(url_for("security.show"), 303)


@bp.post("/me/security/sessions")
def end() -> ResponseReturnValue:
    """Sign out one other browser, or all of them where none is named; this one stays."""
    with outbox.transaction():
        sessions.end_others(_member(), current_user.key, request.form.get("session", ""))
    flash(_("Готово: там нужно будет войти заново."), "done")
    return redirect(url_for("security.show"), 303)


def _member() -> Staff:
    return db.session.get_one(Staff, actor().staff_id)


def _password_wrong(member: Staff, field: str) -> dict[str, str]:
    if sessions.check_password(member.email, request.form.get(field, "")[: sessions.LONGEST_PASSWORD]) is None:
        return {field: _("Текущий пароль не подошёл.")}
    return {}


def _page(errors: dict[str, str]) -> str:
    member = _member()
    factor = db.session.get(SecondFactor, member.id)
    return render_template(
        "me/security.html",
        member=member,
        factor=factor,
        picture=_picture(factor, member) if factor and not factor.confirmed_at else "",
        secret=second_factor.secret_of(factor) if factor and not factor.confirmed_at else "",
        sessions=sessions.listed(member, current_user.key),
        ages=settings(),
        device=device,
        errors=errors,
    )


def _picture(factor: SecondFactor, member: Staff) -> Markup:
    """The QR code as SVG without any style of its own: the policy of our pages forbids that."""
    drawn = io.BytesIO()
    code = segno.make(second_factor.address_of(factor, member), error="m")
    code.save(
        drawn, kind="svg", xmldecl=False, svgns=False, scale=5, border=4, light="#fff", svgclass="qr", lineclass=None
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704  drawn here, of squares alone

"""When something comes before the manager, and when it goes further: the page that changes it, and who did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import outbox, thresholds
from app.clock import now
from app.config import settings
from app.errors import IntakeRejected
from app.reading import threshold_history
from app.web.translate import _
from app.web.viewer import actor, reader

bp = Blueprint("thresholds", __name__)

LONGEST = 24 * 60  # minutes
_LONGEST_TYPED = 8


@bp.get("/escalations/thresholds")
def index() -> ResponseReturnValue:
    held = thresholds.current()
    minutes = {name: _minutes(getattr(held, name)) for name in thresholds.NAMES}
    return _page({**minutes, thresholds.HOURS_OF_COMPLAINTS: held.page_complaints}, {})


@bp.post("/escalations/thresholds")
def change() -> ResponseReturnValue:
    """Minutes by the names of the settings, an empty field is the setting's value again; and hours of complaints."""
    try:
        chosen = _checked(request.form)
    except IntakeRejected as refusal:
        return _page(request.form, refusal.errors), refusal.status
    with outbox.transaction():
        done = [thresholds.change(name, value, actor().staff_id, now()) for name, value in chosen.items()]
        done.append(_change_hours(request.form.get(thresholds.HOURS_OF_COMPLAINTS)))
        outbox.changed(outbox.ESCALATIONS_TOPIC)
    thresholds.forget()
    if any(done):
        flash(_("Сохранено. Сроки, которые уже названы клиентам, остались прежними."), "done")
    return redirect(url_for("thresholds.index"), 303)


def _change_hours(wanted: str | None) -> bool:
    """None of ours, or locked: nothing is changed."""
    if wanted not in thresholds.HOURS or thresholds.is_locked(thresholds.HOURS_OF_COMPLAINTS):
        return False
    is_usual = wanted == settings().page_complaints
    return thresholds.change_hours(None if is_usual else wanted, actor().staff_id, now())


def _checked(form: Mapping[str, str]) -> dict[str, timedelta | None]:
    chosen: dict[str, timedelta | None] = {}
    errors: dict[str, str] = {}
    for name in thresholds.NAMES:
        if thresholds.is_locked(name) or name not in form:
            continue
        typed = form[name].strip()
        if not typed:
            chosen[name] = None
        elif not (typed.isascii() and typed.isdigit() and len(typed) < _LONGEST_TYPED and 1 <= int(typed) <= LONGEST):
            errors[name] = _("Напишите целое число минут, от 1 до %(most)s.", most=LONGEST)
        else:
            value = timedelta(minutes=int(typed))
            chosen[name] = None if value == getattr(settings(), name) else value
    following, everyone = (_after(name, chosen) for name in ("page_next_after", "page_all_after"))
    if not errors and everyone < following:
        errors["page_all_after"] = _("Всех зовут не раньше, чем следующего: через %(time)s.", time=_minutes(following))
    if errors:
        raise IntakeRejected(errors)
    return chosen


def _after(name: str, chosen: Mapping[str, timedelta | None]) -> timedelta:
    """What would hold after the change."""
    if name not in chosen:
        value: timedelta = getattr(thresholds.current(), name)
        return value
    own: timedelta = getattr(settings(), name)
    return chosen[name] or own


def _minutes(value: timedelta) -> str:
    return str(round(value.total_seconds() / 60))


def _page(typed: Mapping[str, str], errors: dict[str, str]) -> str:
    fields = [
        (name, label, hint, _minutes(getattr(settings(), name)), thresholds.is_locked(name))
        for name, label, hint in _labels()
    ]
    labels = {name: label for name, label, _hint in _labels()}
    labels[thresholds.HOURS_OF_COMPLAINTS] = _("Жалоба зовёт руководителей")
    return render_template(
        "escalations/thresholds.html",
        fields=fields,
        hours=threshold_history.hours_words(),
        hours_locked=thresholds.is_locked(thresholds.HOURS_OF_COMPLAINTS),
        typed=typed,
        errors=errors,
        history=threshold_history.last(reader(), labels),
    )


def _labels() -> list[tuple[str, str, str]]:
    return [
        (
            "near_deadline",
            _("Срок близко, когда до него меньше"),
            _("И не больше четверти всего срока. Для сроков, которые будут названы после изменения."),
        ),
        (
            "urgent_take_within",
            _("Срочную должны взять за"),
            _("Если в договоре не сказано другое. Для новых заявок."),
        ),
        (
            "escalation_returns_after",
            _("«Беру на контроль» действует"),
            _("Потом неразобранная заявка вернётся, и напоминания пойдут снова."),
        ),
        ("page_next_after", _("Следующему дежурному сообщим через"), _("Если первый не взял на контроль.")),
        ("page_all_after", _("Всем руководителям сообщим через"), _("Если никто не взял на контроль.")),
        ("page_again_every", _("Дальше повторяем каждые"), _("Пока кто-нибудь не возьмёт на контроль.")),
    ]

"""Where the link in a letter of pages leads: what waits, and one button; looking changes nothing."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import outbox, paging
from app.clock import now
from app.config import settings
from app.errors import NotFound
from app.extensions import limiter
from app.paging import links
from app.paging.acknowledging import standing
from app.paging.telling import all_lines
from app.web.links import LinkExpired
from app.web.translate import _

bp = Blueprint("pages", __name__)


@bp.get("/pages/<token>")
@limiter.limit(lambda: settings().lookup_limit)
def show(token: str) -> ResponseReturnValue:
    """Mail scanners open links; who has charge already is said with the same page."""
    opened = _opened(token)
    told = all_lines(opened.delivery_id)
    waits = [line for line, escalation in told if standing([escalation], now()).since is None]
    answer = None if waits else standing([escalation for _line, escalation in told], now())
    shown = waits or [line for line, _escalation in told]
    return render_template("pages/show.html", token=token, lines=shown, answer=answer, reader=opened.by)


@bp.post("/pages/<token>/acknowledgement")
@limiter.limit(lambda: settings().form_limit)
def acknowledge(token: str) -> ResponseReturnValue:
    """Take charge in the name of whose letter it was; the second to press reads who was first."""
    with outbox.transaction():
        opened = _opened(token)
        assert opened.by is not None
        ids = [escalation.id for _line, escalation in all_lines(opened.delivery_id)]
        note = "" if opened.by.staff_id else _("По ссылке из письма на %(name)s", name=opened.by.name)
        paging.acknowledge(ids, opened.by, now(), note)
    return redirect(url_for("pages.show", token=token), 303)


def _opened(token: str) -> links.Opened:
    opened = links.opened(token, now())
    if opened is None:
        raise NotFound("Такой ссылки нет. Откройте её из письма целиком.")
    if opened.by is None:
        raise LinkExpired("Ссылка больше не действует. Откройте страницу эскалаций.")
    return opened

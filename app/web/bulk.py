"""Acts on what is ticked in the queue: chosen in its bar, with words or an engineer on a page, undone from its foot."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, flash, get_flashed_messages, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from app import bulk
from app.bulk import MOST
from app.bulk.wanted import Wanted
from app.clock import now
from app.errors import HelpDeskError, NotFound
from app.extensions import db
from app.models.bulk_act import BulkAct, BulkKind
from app.models.event import Event
from app.models.staff import Staff
from app.models.words import Urgency
from app.reading import joint, queue_every
from app.reading.queue_selection import Selection
from app.reading.staff import assignable
from app.rows import find_row, typed_id, typed_number
from app.tickets.contributions import LONGEST_TEXT
from app.web.overtaken import SHOWN, refuse_overtaken
from app.web.translate import _
from app.web.viewer import actor, reader

bp = Blueprint("bulk", __name__)

_ON_PAGES = {
    "assignment": BulkKind.ASSIGN,
    "question": BulkKind.ASK,
    "solution": BulkKind.SOLVE,
    "urgency": BulkKind.URGENCY,
}
_DONE = "bulk"  # the flash that names an act whose outcome the queue shows


@bp.post("/queue/picking/<act>")
def pick(act: str) -> ResponseReturnValue:
    """From the bar to the page of an act, with the numbers in its address."""
    numbers = chosen()
    if not numbers:
        flash(_("Сначала отметьте заявки в списке."), "refused")
        return _to_queue()
    if act == "incident":
        return redirect(url_for("incidents.index", numbers=",".join(numbers)), 303)
    if act == "merging":
        return redirect(url_for("ticket_merge.choose", number=",".join(numbers)), 303)
    given = _selection().arguments | {"numbers": ",".join(numbers), "first": MOST if _has_more() else None}
    return redirect(url_for("bulk.show", act=act, **given), 303)


@bp.get("/queue/bulk/<act>")
def show(act: str) -> ResponseReturnValue:
    return _page(act, {}, request.args.get("numbers", "").split(","))


@bp.post("/queue/bulk/<act>")
def perform(act: str) -> ResponseReturnValue:
    """Do it to each; one that a colleague changed since the page was made is refused by name, the rest is done."""
    kind, numbers = _kind(act), request.form.getlist("number")[:MOST]
    words, form_key = request.form.get("text", "").strip(), request.form.get("form_key", "")
    wanted = Wanted(kind, _engineer_id(), words, _urgency(), form_key, typed_number(request.args.get(SHOWN, "")))
    errors = _wrong(wanted)
    if not numbers:
        errors["numbers"] = _("Отметьте хотя бы одну заявку.")
    if errors:
        return _page(act, errors, [*numbers, *request.args.get("numbers", "").split(",")], numbers), 422
    announce(bulk.perform(wanted, numbers, actor(), now(), refuse_overtaken))
    return _to_queue()


@bp.post("/queue/bulk/<int:act_id>/rest")
def go_on(act_id: int) -> ResponseReturnValue:
    """Do what a death of ours has left undone of it."""
    return _announced(lambda: bulk.go_on(act_id, actor(), now(), refuse_overtaken))


@bp.post("/queue/bulk/<int:act_id>/undo")
def undo(act_id: int) -> ResponseReturnValue:
    return _announced(lambda: bulk.undo(act_id, actor(), now()))


def chosen() -> list[str]:
    """The numbers that were ticked; or, where the whole selection was, its first ones as they stand now."""
    if request.form.get("all"):
        return queue_every.numbers(_selection(), reader(), MOST)
    return request.form.getlist("number")[:MOST]


def _has_more() -> bool:
    """Whether the selection, chosen whole, is more than one act takes."""
    return bool(request.form.get("all")) and queue_every.how_many(_selection(), reader(), MOST) > MOST


def announce(act: BulkAct) -> None:
    """Have the next page of the queue tell what became of it."""
    flash(str(act.id), _DONE)


@bp.app_template_global("bulk_acts")
def told() -> Sequence[BulkAct]:
    """The acts that a page tells of: what ended just now, and what of the reader's is half done."""
    ended = [int(str(act_id)) for act_id in get_flashed_messages(category_filter=[_DONE])]
    return bulk.latest(actor(), now(), ended)


@bp.app_template_global("is_bulk_going_on")
def is_going_on(act: BulkAct) -> bool:
    return bulk.is_going_on(act, now())


def _kind(act: str) -> BulkKind:
    if act not in _ON_PAGES:
        raise NotFound(_("Такого действия нет. Вернитесь к списку."))
    return _ON_PAGES[act]


def _wrong(wanted: Wanted) -> dict[str, str]:
    """What the act lacks."""
    if wanted.kind is BulkKind.ASSIGN:
        return {} if wanted.engineer_id else {"engineer": _("Выберите инженера.")}
    if wanted.kind is BulkKind.URGENCY:
        return {} if wanted.urgency else {"urgency": _("Выберите, какими станут заявки.")}
    if not wanted.text:
        return {"text": _("Напишите текст: его получит каждый клиент.")}
    return {"text": _("Текст длиннее 100 000 знаков.")} if len(wanted.text) > LONGEST_TEXT else {}


def _urgency() -> Urgency | None:
    typed = request.form.get("urgency", "")
    return Urgency(typed) if typed in set(Urgency) else None


def _engineer_id() -> int | None:
    wanted = find_row(Staff, typed_id(request.form.get("engineer", "")))
    return wanted.id if wanted is not None and not wanted.is_disabled else None


def _page(act: str, errors: dict[str, str], numbers: list[str], ticked: list[str] | None = None) -> str:
    kind = _kind(act)
    lines = joint.lines(list(dict.fromkeys(one for one in numbers if one)), reader())
    shown = request.args.get(SHOWN) or str(db.session.scalar(select(func.max(Event.id))) or 0)
    first = request.args.get("first") and MOST
    given = {"numbers": ",".join(line.number for line in lines), "first": first, SHOWN: shown}
    arguments: dict[str, Any] = {**_selection().arguments, **given}
    return render_template(
        "queue/bulk.html",
        act=act,
        kind=kind,
        lines=lines,
        ticked={line.number for line in lines} if ticked is None else set(ticked),
        engineers=assignable() if kind is BulkKind.ASSIGN else [],
        errors=errors,
        typed=request.form,
        form_key=secrets.token_urlsafe(12),
        most=first,
        address=url_for("bulk.perform", act=act, **arguments),
        back=url_for("queue.index", **_selection().arguments),
    )


def _announced(act: Callable[[], BulkAct]) -> ResponseReturnValue:
    try:
        announce(act())
    except HelpDeskError as refusal:
        flash(refusal.message, "refused")
    return _to_queue()


def _selection() -> Selection:
    return Selection.parse(request.args)


def _to_queue() -> ResponseReturnValue:
    return redirect(url_for("queue.index", **_selection().arguments), 303)

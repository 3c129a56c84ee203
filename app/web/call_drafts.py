"""The words of a call before it is a request: kept as they are typed, given up, or added to a request that is open."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import call_drafts, intake, outbox, read_marks
from app.actor import Actor
from app.clock import now
from app.errors import IllegalMove, IntakeRejected
from app.intake import Intake
from app.intake.intake import clean_text
from app.models.call_draft import CallDraft
from app.models.message import Message
from app.models.person import Person
from app.models.words import Channel
from app.notify.plain_text import address_by
from app.reading import calls as reading
from app.web.calls import KEPT, form_key, page, staff_id
from app.web.tickets import opened
from app.web.translate import _
from app.web.viewer import actor, reader

bp = Blueprint("call_drafts", __name__)

_LONGEST_NAME = 200


@bp.post("/tickets/new/draft")
def keep() -> ResponseReturnValue:
    """Keep what is typed. To a script: what to read aloud, or 204 where the call is a request already."""
    typed = {name: value.replace("\0", "") for name in KEPT if (value := request.form.get(name, ""))}
    caller = reading.number_of(request.form.get("caller", "")[: call_drafts.LONGEST_PHONE])
    with outbox.transaction():
        draft = call_drafts.keep(staff_id(), form_key(), caller, typed, now())
    if "HX-Request" not in request.headers:
        return redirect(url_for("calls.new", draft=draft.key if draft else None), 303)
    return Response(_say(draft), mimetype="text/html") if draft else Response(status=204)


@bp.post("/tickets/new/draft/removal")
def remove() -> ResponseReturnValue:
    with outbox.transaction():
        call_drafts.forget(staff_id(), form_key())
    return redirect(url_for("calls.new"), 303)


@bp.post("/tickets/<number>/call")
def add(number: str) -> ResponseReturnValue:
    """The caller speaks of a request that is open: their words go there, as theirs; without words, go and look."""
    text, key = clean_text(request.form.get("what", ""), is_line=False), form_key()
    if not text:
        return redirect(url_for("tickets.show", number=number, _anchor="composer"), 303)
    try:
        with outbox.transaction():
            message = _added(number, text, key)
            call_drafts.forget(staff_id(), key)
    except IntakeRejected as refusal:
        errors = {"what": " ".join(refusal.errors.values())}
        draft = call_drafts.find(staff_id(), key)
        return page(request.form.get("caller", ""), request.form, errors, key, draft), refusal.status
    return redirect(url_for("tickets.show", number=number, _anchor=f"m{message.id}"), 303)


def _added(number: str, text: str, key: str) -> Message:
    ticket = opened(number)
    caller = reading.caller(request.form.get("phone", ""), reader(), is_other="other" in request.form)
    name = clean_text(request.form.get("name", ""), is_line=True) or (caller.person.name if caller.person else "")
    told = _("%(name)s, записал(а) %(engineer)s", name=name or _("Клиент"), engineer=actor().name)[:_LONGEST_NAME]
    places = ((_("У кого"), "whose"), (_("Где"), "where"))
    lines = [f"{label}: {value}" for label, name in places if (value := request.form.get(name, "").strip())]
    person: Person | None = caller.person
    receipt = intake.receive(
        Intake(
            channel=Channel.PHONE,
            text="\n".join([text, *lines]),
            key=key,
            ticket=ticket,
            name=name,
            by=Actor.of_person(person, told, Channel.PHONE),
        )
    )
    if receipt.message is None:  # the same form has become a request of its own
        raise IllegalMove(_("Этот звонок уже записан отдельной заявкой %(number)s.", number=receipt.ticket.number))
    read_marks.read(ticket, staff_id())
    return receipt.message


def _say(draft: CallDraft) -> str:
    typed, own = draft.fields, reader()
    caller = reading.caller(
        typed.get("phone", ""), own, is_other="other" in typed, stated_at=draft.stated_at, typed=typed
    )
    name = caller.person.name if caller.person else typed.get("name", "")
    return render_template("calls/_say.html", draft=draft, caller=caller, values=typed, name=address_by(name))

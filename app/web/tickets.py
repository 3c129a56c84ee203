"""One request for those who work on it: the page, its fragments, its history."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, after_this_request, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import complaints, database, incidents, numbers, outbox, read_marks, reply_drafts
from app.errors import IllegalMove, IntakeRejected, NotFound
from app.extensions import db
from app.models.message import Message, Upload
from app.models.ticket import Ticket
from app.reading import answer_templates, ball_strip, conversation, history, joint, ledger, ratings, ticket_panel
from app.reading import ticket as reading
from app.reading.queue_neighbours import neighbours
from app.reading.queue_views import View
from app.reading.reader import Reader
from app.reading.unreached import unreached
from app.reading.written_to import written_to
from app.rows import typed_id
from app.terms import urgent_time
from app.web import letter_view, presence, within
from app.web.fragments import Fragment, fresh
from app.web.overtaken import last_event, refuse_overtaken
from app.web.translate import _
from app.web.viewer import actor, reader

bp = Blueprint("tickets", __name__)
bp.app_url_defaults(within.carry)

# Those whose place on the page a summary of errors can lead to.
_FIELDS = set("text files due reason holder_reason look_again skip_reason hand_to hand_why".split())
SLOWLY = "60s, live"  # how often a fragment asks by itself; "live" is what the event stream triggers
_VIEWS = frozenset(View)


@bp.get("/tickets/<number>")
def show(number: str) -> ResponseReturnValue:
    return page(number, _recalled(number) or _draft(number), {})


@bp.get("/tickets/<number>/standing")
def standing(number: str) -> ResponseReturnValue:
    """The fragment with state, engineer and acts."""
    head = reading.head(number, reader())
    return fresh(_standing(head, last_event(head.ticket.id)))


@bp.get("/tickets/<number>/promise")
def promise(number: str) -> ResponseReturnValue:
    """The fragment with the deadline and why."""
    return fresh(_promise(reading.head(number, reader())))


@bp.get("/tickets/<number>/conversation")
def talk(number: str) -> ResponseReturnValue:
    """The fragment with all that was said and done."""
    own = reader()
    head = reading.head(number, own)
    return fresh(_conversation(head, conversation.conversation(head, own, is_manager=actor().is_manager)))


@bp.get("/tickets/<number>/history")
def past(number: str) -> ResponseReturnValue:
    """Every promise, event and notice of a request, none left out."""
    own = reader()
    head = reading.head(number, own)
    told = history.history(head, own, is_manager=actor().is_manager)
    return render_template("tickets/history.html", head=head, ticket=head.ticket, told=told)


def opened(number: str) -> Ticket:
    """The request; who changes it gets it as the last writer left it. Raises NotFound."""
    query = select(Ticket).where(Ticket.number == numbers.normalise(number))
    if not database.is_reading():
        query = query.with_for_update().execution_options(populate_existing=True)
    ticket = db.session.scalars(query).first()
    if ticket is None:
        raise NotFound(_("Заявки %(number)s нет. Проверьте номер.", number=number))
    return ticket


def act(number: str, do: Callable[[Ticket], str | None], chosen: Sequence[Upload] = ()) -> ResponseReturnValue:
    """Do one act in one transaction and go back to the page (to the anchor that ``do`` returns).

    A refusal shows the page as it is now, with the reason and with everything that was typed. Who acts from the list
    has not read it.
    """
    back = request.args.get("back", "")
    try:
        with outbox.transaction():
            ticket = opened(number)
            refuse_overtaken(ticket)
            anchor = do(ticket)
            if not back:
                read_marks.read(ticket, actor().staff_id)
    except IntakeRejected as refusal:
        fields = {name: words for name, words in refusal.errors.items() if name in _FIELDS}
        rest = " ".join(words for name, words in refusal.errors.items() if name not in _FIELDS)
        return page(number, request.form, fields, rest, chosen), refusal.status
    except IllegalMove as refusal:
        return page(number, request.form, {}, refusal.message, chosen), refusal.status
    if back in _VIEWS:
        return redirect(url_for("queue.index", view=back), 303)
    return redirect(url_for("tickets.show", number=number, view=_view(), _anchor=anchor), 303)


def page(
    number: str,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    refusal: str = "",
    chosen: Sequence[Upload] = (),
) -> str:
    """The whole page; ``typed``, ``errors``, ``refusal`` and ``chosen`` files of a form that was refused."""
    own = reader()
    head = reading.head(number, own)
    told = conversation.conversation(head, own, is_manager=actor().is_manager)
    after_this_request(_with_frames)
    return render_template(
        "tickets/show.html",
        head=head,
        ticket=head.ticket,
        view=_view() or "open",
        standing=_standing(head, told.last_event),
        promise=_promise(head),
        conversation=_conversation(head, told),
        last_id=told.last_id,
        shown=told.last_event,
        templates=answer_templates.offered(own),
        presence=presence.fragment(number),
        urgent_time=_urgent_time(head),
        strip=ball_strip.strip(head.ticket.id, own),
        **_around(head, own),
        typed=typed,
        errors=errors,
        refusal=refusal,
        chosen=chosen,
        form_key=secrets.token_urlsafe(16),
    )


def _around(head: reading.Head, own: Reader) -> dict[str, Any]:
    """What the request stands in: its contract, others of the company, what was joined to it and said of it."""
    recent, total = ticket_panel.recent(head, own)
    joined = joint.joined_to(head.ticket.id, own) if head.ticket.has_joined else []
    return {
        "agreement": ticket_panel.agreement(head, own),
        "recent": recent,
        "total": total,
        "joined": joined,
        "written_to": written_to(head, has_joined=bool(joined)),
        "incident": incidents.of_ticket(head.ticket.id) if head.ticket.has_incident else None,
        "unreached": unreached(head.ticket, own),
        "ratings": ratings.of_ticket(head.ticket.id, actor(), own) if head.ticket.rating else [],
        "complaints": complaints.of_ticket(head.ticket.id, actor()),
    }


def _urgent_time(head: reading.Head) -> str:
    """How long the contract leaves for an urgent request, in words."""
    own = reader()
    return str(own.words.work_amount(urgent_time(head.ticket.company_id, own.at), True)) if head.is_urgent else ""


def _recalled(number: str) -> Mapping[str, str]:
    """The words of a message that its author has just taken back, to be written anew."""
    recalled = typed_id(request.args.get("recalled", ""))
    if recalled is None:
        return {}
    own = (Message.id == recalled, Message.staff_id == actor().staff_id, Message.recalled_at.is_not(None))
    query = select(Message.text).join(Ticket, Ticket.id == Message.ticket_id).where(Ticket.number == number, *own)
    text = db.session.scalar(query)
    return {"text": text} if text else {}


def _draft(number: str) -> Mapping[str, str]:
    """What this person was writing here, on whatever device."""
    draft = reply_drafts.find(number, actor().staff_id)
    saved = reader().time_or_day(draft.saved_at) if draft.saved_at else ""
    return {"text": draft.text, "kind": draft.kind, "said": draft.said, "saved": saved}


def _standing(head: reading.Head, shown: int) -> Fragment:
    selection = within.selection()
    inner = render_template(
        "tickets/_standing.html",
        head=head,
        ticket=head.ticket,
        view=_view() or "open",
        shown=shown,
        neighbours=neighbours(head.ticket, selection, reader()) if selection else None,
    )
    address = url_for("tickets.standing", number=head.ticket.number, view=_view())
    return Fragment("standing", address, inner, SLOWLY)


def _promise(head: reading.Head) -> Fragment:
    own, rows = reader(), ticket_panel.promise_rows(head)
    inner = render_template(
        "tickets/_promise.html",
        promise=ticket_panel.standing(head, rows, own),
        told=ledger.told(head.ticket.id, rows, own),
        head=head,
    )
    return Fragment("promise", url_for("tickets.promise", number=head.ticket.number), inner, SLOWLY)


def _conversation(head: reading.Head, told: conversation.Conversation) -> Fragment:
    letter = letter_view.opened(head.ticket.number)
    inner = render_template(
        "tickets/_conversation.html",
        told=told,
        head=head,
        ticket=head.ticket,
        view=_view(),
        letter=letter,
        letter_arguments=letter_view.arguments(letter),
        letter_height=letter and letter_view.frame_height(letter),
    )
    address = url_for("tickets.talk", number=head.ticket.number, view=_view(), **letter_view.arguments(letter))
    return Fragment("conversation", address, inner, SLOWLY)


def _with_frames(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = letter_view.PAGE_POLICY
    return response


def _view() -> str | None:
    wanted = request.args.get("view", "")
    return wanted if wanted in _VIEWS else None

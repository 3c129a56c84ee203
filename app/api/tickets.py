"""Requests: make one, list them, read one whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, false, select

from app import intake, numbers, outbox
from app.api import answers, attachments, repeats, schemas
from app.api.blueprint import bp
from app.api.caller import caller
from app.api.contract import contract
from app.api.paging import page
from app.api.ticket_shapes import summaries, whole
from app.clock import now
from app.config import settings
from app.errors import NotFound
from app.extensions import db
from app.files import StoredFile
from app.models.ticket import Ticket
from app.models.words import Channel, State
from app.reading import queue_views
from app.reading.queue_views import View
from app.reading.reader import Reader
from app.search import query
from app.search import tickets as search


@bp.post("/tickets")
@contract("Make a request.", takes=schemas.NewTicket, answers=answers.TicketSummary, status=201, has_files=True)
def make_ticket(given: dict[str, Any]) -> ResponseReturnValue:
    """JSON, or multipart/form-data with ``files``. The same Idempotency-Key answers with the same request."""
    files = attachments.kept()
    key = request.headers.get(repeats.HEADER)
    with outbox.transaction():
        if key is None:
            ticket = _registered(given, files)
        else:
            answered, is_new = repeats.claim(key, repeats.fingerprint(given, files))
            ticket = _registered(given, files) if is_new else found(answered.number)
            answered.number = ticket.number
    return summaries([ticket])[0], 201


@bp.get("/tickets")
@contract("List requests, newest first.", asks=schemas.TicketSearch, answers=answers.TicketPage)
def list_tickets(given: dict[str, Any]) -> ResponseReturnValue:
    """``q`` as people type it: a number, phone, address, or words in any form, found within seconds of a change."""
    conditions: list[ColumnElement[bool]] = []
    if state := given.get("state"):
        conditions.append(Ticket.state == State(state))
    if view := given.get("view"):
        reader = Reader(caller().staff_id, now(), settings().time_zone)
        conditions += queue_views.conditions(View(view), reader)
        if view == View.MINE and reader.staff_id is None:
            conditions.append(false())  # a program has no requests of its own
    if words := given.get("q"):
        return _found(query.typed(words), conditions, given)
    return page(select(Ticket).where(*conditions), Ticket.id, given, summaries, newest_first=True)


def _found(typed: query.Typed, conditions: list[ColumnElement[bool]], given: dict[str, Any]) -> dict[str, Any]:
    """A page of a search; it may hold less than ``limit`` and yet not be the last."""
    if number := search.number_of(typed):
        return page(select(Ticket).where(Ticket.number == number, *conditions), Ticket.id, given, summaries)
    after = int(given["after"]) if given.get("after") else None
    hits = search.find(typed, search.Wanted(conditions), after, given["limit"])
    rows = {ticket.id: ticket for ticket in db.session.scalars(select(Ticket).where(Ticket.id.in_(hits.ids)))}
    shown = [rows[ticket_id] for ticket_id in hits.ids if ticket_id in rows]
    return {"items": summaries(shown), "next": str(hits.next) if hits.next is not None else None}


@bp.get("/tickets/<number>")
@contract("Read a request with its promises, messages, events and notices.", answers=answers.Ticket)
def read_ticket(number: str) -> ResponseReturnValue:
    return whole(found(number), caller())


def found(number: str, *, to_change: bool = False) -> Ticket:
    """The request of a number; ``to_change`` keeps others from changing it until the commit."""
    query = select(Ticket).where(Ticket.number == numbers.normalise(number))
    ticket = db.session.scalars(query.with_for_update() if to_change else query).first()
    if ticket is None:
        raise NotFound(f"There is no request {number}.")
    return ticket


def _registered(given: dict[str, Any], files: list[StoredFile]) -> Ticket:
    channel = Channel(given["channel"])
    fields = {name: value for name, value in given.items() if name != "channel"}
    by = replace(caller(), channel=channel)
    return intake.receive(intake.checked(fields, channel=channel, files=files, by=by)).ticket

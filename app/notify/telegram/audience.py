"""Which chats hear of an event: the customer's, and those of staff by their wishes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.actor import Actor
from app.models.chat import Chat
from app.models.event import Event
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import Cause, EventKind, PromiseKind, Urgency
from app.notify.recipients import TOLD_TO_ASSIGNEE, Cast, heard_in_chats, mentioned
from app.pairing import Wish, wants
from app.policy import Act, may


@dataclass(frozen=True)
class Heard:
    """One notice owed to one chat."""

    chat: Chat
    name: str
    is_for_customer: bool = True


@dataclass(frozen=True)
class _Concern:
    """A notice for those of staff whom it concerns and who wish to hear of such."""

    wish: Wish
    name: str
    staff: Iterable[Staff]


def audience(event: Event, ticket: Ticket, cast: Cast, chats: Iterable[Chat], own: Iterable[Chat]) -> list[Heard]:
    """One notice per chat, as far as the event owes any. ``own``: the customer's, ``chats``: those of staff."""
    names = heard_in_chats(event, ticket, cast)
    heard = [Heard(chat, name) for name in names for chat in own]
    known = {chat.id for chat in own} if names else set()
    for concern in _concerns(event, ticket, cast):
        concerned = {one.id for one in concern.staff}
        for chat in chats:
            if chat.staff_id in concerned and chat.id not in known and wants(chat, concern.wish):
                known.add(chat.id)
                heard.append(Heard(chat, concern.name, False))
    return heard


def _concerns(event: Event, ticket: Ticket, cast: Cast) -> Iterator[_Concern]:
    """What engineers hear; managers and those on duty are called by ``app.paging`` for every escalation."""
    if event.data.get("is_silent"):
        return
    mine = [cast.assignee] if cast.assignee and cast.assignee.id != event.staff_id else []
    is_urgent = event.data.get("urgency") == Urgency.URGENT
    match event.kind:
        case EventKind.REGISTERED if is_urgent:
            yield _Concern(Wish.URGENT, "urgent", cast.on_duty or _workers(cast))
        case EventKind.URGENT if is_urgent:
            yield _Concern(Wish.URGENT, "urgent", mine if cast.assignee else cast.on_duty or _workers(cast))
        case EventKind.NOTED:
            yield _Concern(Wish.MINE, "mentioned", mentioned(event, cast))
        case EventKind.ASSIGNED:
            yield _Concern(Wish.MINE, "assigned", mine)
        case EventKind.REOPENED if cast.assignee is None and ticket.is_urgent:
            yield _Concern(Wish.URGENT, "urgent", cast.on_duty or _workers(cast))
        case EventKind.REOPENED:
            yield _Concern(Wish.MINE, "reopened", mine if cast.assignee else cast.on_duty[:1])
        case EventKind.ANSWERED:
            yield _Concern(Wish.ANSWERED, "answered", mine)
        case EventKind.ESCALATED:
            yield from _escalated(event, ticket, cast, mine)


def _escalated(event: Event, ticket: Ticket, cast: Cast, mine: list[Staff]) -> Iterator[_Concern]:
    cause = Cause(event.data["cause"])
    if cause in TOLD_TO_ASSIGNEE:
        yield _Concern(Wish.MINE, cause.value, mine)
    is_unanswered = cause is Cause.MISSED and event.data.get("text") == PromiseKind.REACTION
    if is_unanswered and cast.assignee is None and not ticket.is_urgent:
        yield _Concern(Wish.UNTAKEN, cause.value, _engineers(cast.on_duty or cast.staff))
    if cause is Cause.URGENT_UNTAKEN and not cast.on_duty:  # who is on duty is called, and the others sleep
        yield _Concern(Wish.UNTAKEN, cause.value, _engineers(cast.staff))


def _workers(cast: Cast) -> list[Staff]:
    return [one for one in cast.staff if may(Actor.of_staff(one), Act.WORK)]


def _engineers(staff: Iterable[Staff]) -> list[Staff]:
    """Those who are not called as managers."""
    return [one for one in staff if not may(Actor.of_staff(one), Act.MANAGE)]

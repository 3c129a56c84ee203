"""Who may do what: one function for page, fragment, stream, file, API, mail and bot alike."""

from __future__ import annotations

from enum import StrEnum, auto

from app.actor import Actor
from app.models.words import ActorKind, Role


class Act(StrEnum):
    """What an endpoint lets somebody do."""

    PUBLIC = auto()  # anyone; shows nothing of a request beyond what its number alone may show
    LINK = auto()  # the holder of a request's signed link; the route checks the signature
    MACHINE = auto()  # monitoring and Telegram; the route checks METRICS_TOKEN, loopback or Telegram's secret
    WORK = auto()  # see and work on requests
    MANAGE = auto()  # escalations, contracts, calendars, reports
    ADMINISTER = auto()  # staff, settings, tokens


_LEAST: dict[Act, frozenset[Role]] = {
    Act.WORK: frozenset(Role),
    Act.MANAGE: frozenset({Role.MANAGER, Role.ADMIN}),
    Act.ADMINISTER: frozenset({Role.ADMIN}),
}
OPEN_ACTS = frozenset({Act.PUBLIC, Act.LINK, Act.MACHINE})


def may(actor: Actor | None, act: Act) -> bool:
    """Whether this actor may do this act; nobody in particular (None) may do what is open to all."""
    if act in OPEN_ACTS:
        return True
    if actor is None or actor.kind not in {ActorKind.STAFF, ActorKind.TOKEN} or actor.role is None:
        return False
    return actor.role in _LEAST[act]

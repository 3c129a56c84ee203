"""A customer's signed link: whose request it opens, and until when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from app import database, signing
from app.clock import now
from app.errors import HelpDeskError, NotFound
from app.extensions import db
from app.models.ticket import Ticket
from app.terms import terms_of
from app.web import languages

LIFE_AFTER_WINDOW = timedelta(days=180)


class LinkExpired(HelpDeskError):
    """The link was right once (410)."""

    status = 410


def opened(token: str, is_right: Callable[[str, str, int], bool] = signing.is_link_token) -> Ticket:
    """The request of a link; raises NotFound for a wrong or revoked one, LinkExpired for an old one.

    ``is_right``: what the link must have been made for.
    """
    number = signing.number_in_token(token)
    query = select(Ticket).where(Ticket.number == number)
    if not database.is_reading():  # who writes waits for whoever writes just now, and goes on from there
        query = query.with_for_update().execution_options(populate_existing=True)
    ticket = db.session.scalars(query).first()
    if ticket is None or not is_right(token, ticket.number, ticket.link_version):
        raise NotFound("Такой ссылки нет. Откройте её из письма целиком или узнайте статус по номеру.")
    languages.follow(ticket.language)
    if is_over(ticket, now()):
        raise LinkExpired(
            "Ссылка больше не действует: заявка давно закрыта. Если дело ещё важно, отправьте новую заявку."
        )
    return ticket


def is_over(ticket: Ticket, at: datetime) -> bool:
    """A link lives until the reopening window ends and 180 days more."""
    if ticket.closed_at is None or at <= ticket.closed_at + LIFE_AFTER_WINDOW:
        return False
    return at > ticket.closed_at + terms_of(ticket, ticket.closed_at).reopening_window + LIFE_AFTER_WINDOW


def token_of(ticket: Ticket) -> str:
    return signing.link_token(ticket.number, ticket.link_version)

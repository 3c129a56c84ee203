"""Which requests of a prepared desk are looked at: read through the desk's own models."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from app import create_app, database, signing
from app.config import read
from app.extensions import db
from app.models import Letter, LetterState, Message, Ticket
from benches.databases import Prepared

MANY = 200
_RECENT = 40_000  # the newest requests, among which those with ten messages are looked for


@dataclass(frozen=True)
class Samples:
    """Numbers of requests with ten messages, numbers from all over the desk, and customers' links."""

    long: list[str]
    any: list[str]
    links: list[str]


def take(prepared: Prepared) -> Samples:
    """Choose evenly, so that no cache holds just what is asked for."""
    app = create_app(read(prepared.environment))
    with app.app_context():
        last = db.session.scalar(select(func.max(Ticket.id))) or 0
        talkative = (
            select(Ticket.number)
            .join(Message, Message.ticket_id == Ticket.id)
            .where(Ticket.id > last - _RECENT)
            .group_by(Ticket.id)
            .having(func.count().between(10, 11))
            .limit(MANY)
        )
        step = max(1, last // MANY)
        spread = select(Ticket.number).where(Ticket.id % step == 0).limit(MANY)
        fresh = select(Ticket.number, Ticket.link_version).order_by(Ticket.id.desc()).limit(MANY)
        samples = Samples(
            long=list(db.session.scalars(talkative)),
            any=list(db.session.scalars(spread)),
            links=[signing.link_token(number, version) for number, version in db.session.execute(fresh)],
        )
        db.session.remove()
        db.engine.dispose()
    return samples


class Ledger:
    """Counts what a desk has taken in, while it runs."""

    def __init__(self, prepared: Prepared) -> None:
        self._app = create_app(read(prepared.environment))

    def filed(self) -> int:
        """Letters that have become requests."""
        filed = select(func.count()).select_from(Letter).where(Letter.state == LetterState.FILED)
        with self._app.app_context(), database.reading(), db.engine.connect() as connection:
            return connection.execute(filed).scalar_one()

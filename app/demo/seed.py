"""`flask demo seed`: the whole demo in one transaction, once."""

from __future__ import annotations

import random
from dataclasses import dataclass

from sqlalchemy import select

from app import outbox
from app.clock import now
from app.demo import roster, sign_ins
from app.demo.firm import found
from app.demo.play import play
from app.demo.stories import stories
from app.extensions import db
from app.models.ticket import Ticket


@dataclass(frozen=True)
class Seeded:
    """``requests``: how many were made; 0 when the desk was not empty and nothing was done."""

    requests: int
    sign_ins: list[str]


def seed(number: int = 1) -> Seeded:
    """Fill an empty desk; on one that has requests nothing is done, whoever made them."""
    with outbox.transaction():
        made = 0
        if db.session.scalar(select(Ticket.id).limit(1)) is None:
            moment = now()
            firm = found(moment)
            made = play(stories(), firm, moment, random.Random(number))
            sign_ins.draw(firm)
            roster.draw(firm, moment)
    return Seeded(made, sign_ins.shown())

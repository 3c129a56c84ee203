"""A vocabulary as wide as a real desk's: the bulk rows say some hundred sentences again and again, people do not."""

from __future__ import annotations

import itertools
import random
import sys
from datetime import timedelta

from sqlalchemy import func, insert, select

from app import clock, create_app
from app.config import read
from app.extensions import db
from app.models import Attachment, Channel, Message, MessageKind, Ticket
from benches.databases import Prepared

MARK = "bench:wide"
COMMON, COMMON_SHARE = ("принтер", "принтера", "принтеры", "принтером"), 0.2
SECOND, SECOND_SHARE = ("сканер", "сканера", "сканеров"), 0.05
RARE = "квазикодек"
RARE_EVERY = 30_000  # requests
FILE_EVERY = 5
WORDS, VOCABULARY, BATCH = 25, 60_000, 5_000
_SYLLABLES = [a + b for a in "бвгдзклмнпрстфхшч" for b in "аеиоуы"]


def widen(prepared: Prepared) -> None:
    """One more message on every request, and a file on each fifth; once."""
    app = create_app(read(prepared.environment))
    with app.app_context():
        first = db.session.scalar(select(func.max(Message.id)).where(Message.intake_key.like(f"{MARK}:%"))) or 0
        newest = db.session.scalar(select(func.max(Ticket.id))) or 0
        done = db.session.scalar(select(Message.ticket_id).where(Message.id == first)) or 0
        db.session.rollback()
        dice = random.Random(done)
        vocabulary, weights = _vocabulary()
        while ids := _beyond(done):
            print(f"Widening the words of {prepared.name}: {done} of {newest}", file=sys.stderr, flush=True)
            done = ids[-1]
            rows = [_message(ticket_id, dice, vocabulary, weights) for ticket_id in ids]
            with db.engine.begin() as connection:
                connection.execute(insert(Message), rows)
                places = select(Message.id, Message.ticket_id).where(
                    Message.ticket_id.in_(ids),
                    Message.intake_key.like(f"{MARK}:%"),
                    Message.ticket_id % FILE_EVERY == 0,
                )
                files = [_file(key, ticket_id, dice, vocabulary) for key, ticket_id in connection.execute(places)]
                connection.execute(insert(Attachment), files)
        db.session.remove()
        db.engine.dispose()


def _beyond(ticket_id: int) -> list[int]:
    ids = list(db.session.scalars(select(Ticket.id).where(Ticket.id > ticket_id).order_by(Ticket.id).limit(BATCH)))
    db.session.rollback()
    return ids


def _vocabulary() -> tuple[list[str], list[float]]:
    """Words of syllables, used as unevenly as those of people (Zipf)."""
    dice = random.Random(1)
    words = ["".join(dice.choices(_SYLLABLES, k=dice.randint(2, 4))) for _ in range(VOCABULARY)]
    return words, list(itertools.accumulate(1 / rank for rank in range(10, VOCABULARY + 10)))


def _message(ticket_id: int, dice: random.Random, vocabulary: list[str], weights: list[float]) -> dict[str, object]:
    said = dice.choices(vocabulary, cum_weights=weights, k=WORDS)
    if dice.random() < COMMON_SHARE:
        said.append(dice.choice(COMMON))
    if dice.random() < SECOND_SHARE:
        said.append(dice.choice(SECOND))
    if ticket_id % RARE_EVERY == 0:
        said.append(RARE)
    dice.shuffle(said)
    at = clock.now() - timedelta(days=1)
    row: dict[str, object] = {"ticket_id": ticket_id, "kind": MessageKind.NOTE, "channel": Channel.WEB, "author": ""}
    row |= {"text": " ".join(said), "quoted": "", "flags": [], "at": at, "visible_at": at}
    return row | {"intake_key": f"{MARK}:{ticket_id}"}


def _file(message_id: int, ticket_id: int, dice: random.Random, vocabulary: list[str]) -> dict[str, object]:
    name = f"{dice.choice(vocabulary)} {dice.randint(1, 9999)}.pdf"
    row: dict[str, object] = {"message_id": message_id, "ticket_id": ticket_id, "name": name, "size": 1000}
    return row | {"type": "application/pdf", "sha256": "0" * 64, "storage_id": f"bench{message_id}", "content_id": ""}

"""Brings a desk to a number of bulk requests, batch by batch; stopped at any moment, the next call goes on."""

from __future__ import annotations

import gc
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from app import numbers, outbox
from app.clock import now
from app.demo.bulk.life import Life
from app.demo.bulk.plans import created_at
from app.demo.bulk.tables import Batch
from app.demo.bulk.writers import Writer, writer_for
from app.demo.clients import Client, found_clients
from app.demo.firm import Firm, found
from app.demo.play import play
from app.demo.stories import Story, stories
from app.extensions import db
from app.models.staff import Staff
from app.models.ticket import Ticket
from app.models.words import Channel, State

BATCH = 5000  # requests a transaction
ACTIVE_BATCH = 50
MOST_ACTIVE, ACTIVE_SHARE = 2000, 0.007
Progress = Callable[[int, int], None]


def fill(total: int, seed: int, progress: Progress) -> int:
    """Bring the desk to that many bulk requests of a seed and return how many were added."""
    active = min(MOST_ACTIVE, max(1, round(total * ACTIVE_SHARE)))
    moment = now()
    done = _finished(seed)
    added = max(0, total - active - done)
    with outbox.transaction():
        clients, engineers, manager = found_clients(moment)
    with writer_for(db.engine) as writer, _without_collector():
        while done < total - active:
            share = min(BATCH, total - active - done)
            gc.collect()  # once a batch by hand: its rows are no garbage while they are made
            _write(writer, range(done, done + share), total, seed, moment, clients, engineers, manager)
            done += share
            progress(done, total)
    added += _tell_active(active, seed, lambda told: progress(done + told, total))
    if added:
        with writer_for(db.engine) as writer:
            writer.finish()
    return added


def _write(
    writer: Writer,
    indexes: range,
    total: int,
    seed: int,
    moment: datetime,
    clients: list[Client],
    engineers: list[Staff],
    manager: Staff,
) -> None:
    dice = random.Random(f"{seed}:{indexes.start}")
    with outbox.transaction():  # of its own: a number that was drawn is never drawn again, whatever comes of the rows
        drawn = numbers.take_many(len(indexes))

    def make(batch: Batch) -> None:
        for index, number in zip(indexes, drawn, strict=True):
            life = Life(batch, dice.choice(clients), dice.choice(engineers), manager, dice)
            life.tell(number, created_at(index, total, moment, dice), f"{_mark(seed)}{index:09}")

    writer.write(make)


def _tell_active(wanted: int, seed: int, progress: Callable[[int], None]) -> int:
    """The requests that are not finished yet, told by the verbs; their registrations carry the seed's mark."""
    unfinished = [story for story in stories() if story.state is not State.CLOSED]
    told = db.session.scalar(_marked(f"{_mark(seed)}a")) or 0
    db.session.rollback()
    added, moment = max(0, wanted - told), now()
    with outbox.transaction():
        firm = _large(moment)
    while told < wanted:
        dice = random.Random(f"{seed}:active:{told}")
        share = min(ACTIVE_BATCH, wanted - told)
        with outbox.transaction():
            keys = [f"{_mark(seed)}a{number:09}" for number in range(told, told + share)]
            drawn = [_varied(dice.choice(unfinished), dice) for _ in keys]
            play(drawn, firm, moment, dice, keys)
        told += share
        progress(told)
    return added


def _large(moment: datetime) -> Firm:
    """The firm with all its engineers."""
    _, engineers, _ = found_clients(moment)
    return replace(found(moment), engineers=engineers)


def _varied(story: Story, dice: random.Random) -> Story:
    """The same story of another day: a little older or younger, and never by phone, which would carry no mark."""
    stretch = dice.uniform(0.4, 1.6)
    return replace(
        story,
        channel=Channel.WEB if story.channel is Channel.PHONE else story.channel,
        age=story.age * stretch if story.age else None,
        left=max(story.left * stretch, timedelta(minutes=5)) if story.left else None,
    )


@contextmanager
def _without_collector() -> Iterator[None]:
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _finished(seed: int) -> int:
    done = db.session.scalar(_marked(f"{_mark(seed)}0")) or 0
    db.session.rollback()
    return done


def _marked(prefix: str) -> Select[int]:
    return select(func.count()).select_from(Ticket).where(Ticket.intake_key.startswith(prefix, autoescape=True))


def _mark(seed: int) -> str:
    return f"demo-{seed}-"

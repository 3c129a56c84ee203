"""In whose court the ball was: the spans of a request as a strip, with sums that leave no minute out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from app import durations
from app.columns import read_columns
from app.models.promise import Holding
from app.models.words import Holder
from app.reading.reader import Reader
from app.translate import _

_SPANS = (
    select(Holding.holder, Holding.started_at, Holding.ended_at, Holding.reason, Holding.look_again_at)
    .where(Holding.ticket_id == bindparam("ticket"))
    .order_by(Holding.id)
)
WIDTH = 1000  # the strip's own units


@dataclass(frozen=True, slots=True)
class Span:
    holder: str
    x: int
    width: int
    title: str


@dataclass(frozen=True, slots=True)
class Share:
    holder: str
    word: str
    time: str


@dataclass(frozen=True, slots=True)
class Strip:
    """``waits_for``: whom and what we wait for, where a third party has it now."""

    spans: list[Span]
    shares: list[Share]
    waits_for: str
    look_again: str
    look_again_iso: str
    is_time: bool


def strip(ticket_id: int, reader: Reader) -> Strip | None:
    """The strip until now, or until it was solved; one query."""
    rows = list(read_columns(_SPANS, {"ticket": ticket_id}))
    if not rows:
        return None
    begin, words = rows[0].started_at, holder_words()
    end = max(row.ended_at or reader.at for row in rows)
    length = max((end - begin).total_seconds(), 1.0)
    spans, sums = [], dict.fromkeys(Holder, timedelta(0))
    for row in rows:
        until = max(row.ended_at or reader.at, row.started_at)
        sums[row.holder] += until - row.started_at
        left, right = (round(WIDTH * (at - begin).total_seconds() / length) for at in (row.started_at, until))
        title = f"{words[row.holder]}: {reader.amount(row.started_at, until)}"
        spans.append(
            Span(row.holder.value, left, max(right - left, 2), f"{title}. {row.reason}" if row.reason else title)
        )
    last = rows[-1]
    is_held = last.holder is Holder.THIRD_PARTY and last.ended_at is None
    return Strip(
        spans=spans,
        shares=[Share(one.value, words[one], _amount(sums[one], begin, reader)) for one in words if sums[one]],
        waits_for=last.reason if is_held else "",
        look_again=reader.short_moment(last.look_again_at) if is_held and last.look_again_at else "",
        look_again_iso=durations.iso(last.look_again_at) if is_held and last.look_again_at else "",
        is_time=bool(is_held and last.look_again_at and last.look_again_at <= reader.at),
    )


def holder_words() -> dict[Holder, str]:
    return {
        Holder.QUEUE: _("в очереди"),
        Holder.ENGINEER: _("у инженера"),
        Holder.CUSTOMER: _("у клиента"),
        Holder.THIRD_PARTY: _("у третьей стороны"),
    }


def _amount(sum_: timedelta, begin: datetime, reader: Reader) -> str:
    return reader.amount(begin, begin + sum_)

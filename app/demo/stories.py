"""The stories of the demo, and the moments at which their steps happen."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import accumulate
from typing import Any

from app import durations
from app.calendars import WorkCalendar
from app.demo.firm import DATA
from app.models.words import Channel, State, Urgency
from app.promises import Terms

_MINUTE = timedelta(minutes=1)
_LONGEST_AGO = timedelta(days=400)


@dataclass(frozen=True)
class Story:
    """One request of the demo, told in order. ``talk``: (r reply, q question, a answer, n note, s solution; text)."""

    state: State
    channel: Channel
    what: str
    whose: str
    where: str
    urgency: Urgency
    talk: tuple[tuple[str, str], ...]
    again: tuple[tuple[str, str], ...]  # after it was reopened
    age: timedelta | None  # working time since it was registered
    left: timedelta | None  # working time to its deadline; negative when it is missed
    extra: dict[str, Any]  # rating, comment, reopened, complaint, moved, third_party, told


@dataclass(frozen=True)
class Step:
    at: datetime
    act: str
    text: str = ""


@cache
def stories() -> tuple[Story, ...]:
    """All stories in the order of the file."""
    return tuple(_story(row) for row in json.loads((DATA / "stories.json").read_text(encoding="utf-8")))


def suits(story: Story, terms: Terms) -> bool:
    """Whether a company with these terms can have this story: the deadline must leave room for what it tells."""
    if story.urgency is Urgency.URGENT:
        return terms.is_round_the_clock(Urgency.URGENT)
    return story.left is None or terms.solution >= story.left + timedelta(minutes=45)


def steps(story: Story, terms: Terms, now: datetime, dice: random.Random) -> list[Step]:
    """Every step with its moment, the registration first; all of them lie before ``now``."""
    is_urgent = story.urgency is Urgency.URGENT
    clock = None if is_urgent else terms.calendar
    allowance = terms.urgent_solve if is_urgent else terms.solution
    age = story.age if story.age is not None else allowance - (story.left or timedelta(0))
    start = _ago(clock, now, age)
    acts = _acts(story)
    ends = list(accumulate(_gap(act, story, terms, dice) for act, _ in acts))
    if ends and ends[-1] > age * 0.85:
        ends = [end * (age * 0.85 / ends[-1]) for end in ends]
    moments = [_later(clock, start, end) for end in ends]
    return [Step(start, "register"), *(Step(at, act, text) for at, (act, text) in zip(moments, acts, strict=True))]


def _acts(story: Story) -> list[tuple[str, str]]:
    acts = list(story.talk)
    extra = story.extra
    if "reopened" in extra:
        acts.append(("reopened", extra["reopened"]))
        acts += story.again
    acts += [(act, str(extra[act])) for act in ("told", "rating", "complaint", "moved", "third_party") if act in extra]
    first = next((i for i, (act, _) in enumerate(acts) if act in "rqs"), None)
    if first is not None and len(story.what) % 3:  # two of three are taken by name before the first answer
        acts.insert(first, ("take", ""))
    return acts


def _gap(act: str, story: Story, terms: Terms, dice: random.Random) -> timedelta:
    """How long after the step before."""
    if story.urgency is Urgency.URGENT:
        return dice.uniform(2, 7) * _MINUTE if act in {"take", "n"} else dice.uniform(6, 25) * _MINUTE
    match act:
        case "take":
            return terms.reaction * dice.uniform(0.1, 0.7)
        case "reopened":
            return dice.uniform(120, 600) * _MINUTE
        case "rating" | "complaint":
            return dice.uniform(10, 120) * _MINUTE
        case "told" | "third_party" | "moved":
            return dice.uniform(3, 15) * _MINUTE
    return dice.uniform(8, 70) * _MINUTE


def _ago(clock: WorkCalendar | None, now: datetime, age: timedelta) -> datetime:
    """The latest moment since which that much of the clock's time has passed."""
    if clock is None:
        return now - age
    early, late = now - _LONGEST_AGO, now
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        early, late = (middle, late) if clock.worked(middle, now) >= age else (early, middle)
    return clock.last_open(early)


def _later(clock: WorkCalendar | None, start: datetime, work: timedelta) -> datetime:
    return start + work if clock is None else clock.due(start, work)


def _story(row: dict[str, Any]) -> Story:
    left = durations.parse(row["left"]) if "left" in row else None
    return Story(
        state=State(row["state"]),
        channel=Channel(row["channel"]),
        what=row["what"],
        whose=row["whose"],
        where=row["where"],
        urgency=Urgency(row.get("urgency", "normal")),
        talk=tuple((kind, text) for kind, text in row.get("talk", ())),
        again=tuple((kind, text) for kind, text in row.get("again", ())),
        age=durations.parse(row["age"]) if "age" in row else None,
        left=-durations.parse(row["late"]) if "late" in row else left,
        extra={
            key: row[key]
            for key in ("rating", "comment", "reopened", "complaint", "moved", "third_party", "told")
            if key in row
        },
    )

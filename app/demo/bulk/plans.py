"""What a finished request of the bulk says and when: the plan of its conversation and the moments of its days."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from functools import cache

from app.demo.stories import stories

KINDS = {"r": "reply", "q": "question", "a": "answer", "n": "note", "s": "solution", "o": "answer"}
# After the request itself; o reopens. Five messages on average, the request among them.
PLANS = (
    ("s", 10), ("rs", 22), ("rars", 24), ("qars", 20), ("rnars", 9), ("rqanras", 4), ("rarqarnas", 3), ("rsors", 3),
    ("rarnarqaras", 4), ("rqararnraraqaras", 1),
)  # fmt: skip
_WEIGHTS = [weight for _, weight in PLANS]
_DAY = timedelta(days=1)
_EARLIEST = datetime(2024, 1, 10, tzinfo=UTC)  # the production calendar is known from 2024 on
_A_YEAR = 50_000
_QUIET = timedelta(days=14)  # what began earlier than that has closed by now


def plan(dice: random.Random) -> str:
    return dice.choices(PLANS, _WEIGHTS)[0][0]


def created_at(index: int, total: int, now: datetime, dice: random.Random) -> datetime:
    """Requests come evenly over the years, 50 000 a year or denser, nine of ten in working hours."""
    last = now - _QUIET
    first = max(_EARLIEST, last - timedelta(days=365) * (total / _A_YEAR))
    even = first + (last - first) * ((index + dice.random()) / total)
    if even.weekday() >= 5 and dice.random() < 0.85:
        even -= (even.weekday() - 4) * _DAY
    if dice.random() < 0.9:
        even = even.replace(hour=6) + timedelta(seconds=dice.randrange(9 * 3600))  # 9:00 to 18:00 in Moscow
    return min(even, last).replace(microsecond=0)


@cache
def requests() -> list[tuple[str, str, str, str]]:
    """What people ask for: title, what, whose, where."""
    return [(_title(story.what), story.what, story.whose, story.where) for story in stories()]


@cache
def texts(kind: str) -> list[str]:
    """What is said in messages of that kind, by the letter of the plans."""
    if kind == "o":
        return [str(story.extra["reopened"]) for story in stories() if "reopened" in story.extra]
    return [text for story in stories() for letter, text in (*story.talk, *story.again) if letter == kind]


def _title(text: str) -> str:
    return text if len(text) <= 80 else text[:80].rpartition(" ")[0].rstrip(" ,.;:—-") + "…"

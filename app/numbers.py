"""Numbers of requests: shuffled, never reused, the last digit a check digit, one digit longer when a tenth is used.

The check digit is Damm's (H. M. Damm, 2004): it catches every single slip and every swap of neighbours.
"""

from __future__ import annotations

import hashlib
import re
import secrets

from sqlalchemy import select, update

from app.extensions import db, insert_into
from app.models.running import NumberSeries

SHORTEST = 6
_QUASIGROUP = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip
_NOISE = re.compile(r"[\s\u00a0\u202f№#.\-–—]+")
_SEPARATORS = re.compile(r"[,;\s]+")
_ROUNDS = 4


def check_digit(digits: str) -> str:
    interim = "0"
    for digit in digits:
        interim = _QUASIGROUP[int(interim)][int(digit)]
    return interim


def is_valid(number: str) -> bool:
    """Whether the digits can be a number of ours: long enough, and the check digit right."""
    return (
        number.isascii() and number.isdigit() and SHORTEST <= len(number) <= 12
        and number[0] != "0" and check_digit(number) == "0"
    )  # fmt: skip


def normalise(typed: str) -> str:
    """What a person typed, without spaces, №, # and dashes."""
    return _NOISE.sub("", typed)


def several(typed: str) -> list[str]:
    """What a person typed as a list: numbers between commas, semicolons or spaces."""
    return [one for one in _SEPARATORS.split(typed) if one]


def capacity(length: int) -> int:
    """How many numbers of that many digits exist; the first digit is never 0."""
    return 9 * int(10 ** (length - 2))


def take() -> str:
    """The next number, inside the caller's transaction; a rollback leaves a gap at most."""
    series = _current()
    while series.used >= capacity(series.length) // 10:
        series = _begin(series.length + 1)
    taken = db.session.execute(
        update(NumberSeries)
        .where(NumberSeries.length == series.length)
        .values(used=NumberSeries.used + 1)
        .returning(NumberSeries.used),
        execution_options={"synchronize_session": False},
    ).scalar_one()
    return shuffled(series.length, taken - 1, series.key)


def take_many(count: int) -> list[str]:
    """That many numbers at once, for bulk rows; like ``take`` inside the caller's transaction."""
    taken: list[str] = []
    while len(taken) < count:
        series = _current()
        room = capacity(series.length) // 10 - series.used
        if room <= 0:
            _begin(series.length + 1)
            continue
        first, share = series.used, min(room, count - len(taken))
        series.used += share
        db.session.flush()
        taken += [shuffled(series.length, index, series.key) for index in range(first, first + share)]
    return taken


def shuffled(length: int, index: int, key: bytes) -> str:
    """The index-th number of a length: a keyed permutation (a Feistel network with cycle walking)."""
    size = capacity(length)
    half = (size.bit_length() + 1) // 2
    mask = (1 << half) - 1
    value = index
    while True:
        left, right = value >> half, value & mask
        for turn in range(_ROUNDS):
            seed = bytes((turn,)) + right.to_bytes(8, "big")
            noise = int.from_bytes(hashlib.blake2b(seed, key=key, digest_size=8).digest(), "big")
            left, right = right, left ^ (noise & mask)
        value = (left << half) | right
        if value < size:
            digits = str(value + size // 9)
            return digits + check_digit(digits)


def _current() -> NumberSeries:
    # The row lock is what keeps two registrations on PostgreSQL from both crossing the tenth.
    series = db.session.scalars(
        select(NumberSeries).order_by(NumberSeries.length.desc()).limit(1).with_for_update(),
        execution_options={"populate_existing": True},
    ).first()
    return series or _begin(SHORTEST)


def _begin(length: int) -> NumberSeries:
    values = {"length": length, "used": 0, "key": secrets.token_bytes(32)}
    db.session.execute(insert_into(NumberSeries).values(values).on_conflict_do_nothing())
    return db.session.scalars(select(NumberSeries).where(NumberSeries.length == length).with_for_update()).one()

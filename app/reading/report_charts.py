"""The geometry of charts, in percent across and in pixels down, so that words keep their size on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.moments import NBSP
from app.reading import report_words as words
from app.reports.spread import Spread

TOP, HEIGHT, LEFT = 22, 118, 3.0  # pixels, pixels, percent
_MINUTES = (5, 10, 15, 30, 60, 120, 240, 480, 960, 1920, 3840, 7680)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``value`` with ``red`` on top of it. ``tone``: pale on days off, future where nothing can be yet."""

    label: str
    value: int
    title: str
    red: int = 0
    tone: str = ""
    href: str = ""
    is_named: bool = True  # its label is drawn


@dataclass(frozen=True, slots=True)
class Drawn:
    """Where a column stands: x and width in percent, y and height in pixels."""

    column: Column
    x: float
    width: float
    y: float
    height: float
    red_y: float
    red_height: float
    middle: float


@dataclass(frozen=True, slots=True)
class Columns:
    drawn: list[Drawn]
    lines: list[tuple[float, str]]  # pixels from above, what stands beside it
    base: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """A median and a ninth tenth on one scale, in percent across."""

    label: str
    spread: Spread
    href: str
    y: float
    median: float
    nine: float


@dataclass(frozen=True, slots=True)
class Stretches:
    rows: list[Stretch]
    lines: list[tuple[float, str]]  # percent across, what stands under it
    height: int


def columns(given: Sequence[Column], *, left: float = LEFT) -> Columns:
    """Columns side by side over lines of whole numbers."""
    most = max((column.value + column.red for column in given), default=0)
    step = _step(most)
    top = max(most, step)
    each = (100 - left) / max(1, len(given))
    base = float(TOP + HEIGHT)
    drawn = []
    for number, column in enumerate(given):
        height = column.value / top * HEIGHT
        red = max(3.0, column.red / top * HEIGHT) if column.red else 0.0
        x = left + number * each
        gap = 2 if column.red and column.value else 0
        drawn.append(
            Drawn(
                column,
                round(x + each * 0.12, 3),
                round(each * 0.76, 3),
                round(base - height, 1),
                round(height, 1),
                round(base - height - gap - red, 1),
                round(red, 1),
                round(x + each / 2, 3),
            )
        )
    lines = [(round(base - at / top * HEIGHT, 1), words.whole(at)) for at in range(step, top + 1, step)]
    return Columns(drawn, lines, base)


def stretches(rows: Sequence[tuple[str, Spread, str]], *, left: float = 19.0, right: float = 90.0) -> Stretches:
    """Medians with their ninth tenths, one under the other."""
    longest = max((_minutes(spread.nine) for _label, spread, _href in rows), default=0)
    step = next((minutes for minutes in _MINUTES if minutes * 5 >= longest), _MINUTES[-1])
    top = max(step, -(-longest // step) * step)

    def across(time: timedelta | None) -> float:
        return round(left + _minutes(time) / top * (right - left), 2)

    drawn = [
        Stretch(label, spread, href, 14 + 25 * number, across(spread.median), across(spread.nine))
        for number, (label, spread, href) in enumerate(rows)
    ]
    marks = range(0, top + 1, step * max(1, top // step // 6))
    lines = [(across(timedelta(minutes=at)), _short(at)) for at in marks]
    return Stretches(drawn, lines, 14 + 25 * len(rows))


def share(value: float, most: float) -> float:
    """The width of a bar in percent."""
    return round(100 * value / most, 2) if most else 0.0


def _minutes(time: timedelta | None) -> int:
    return int(time.total_seconds()) // 60 if time else 0


def _short(minutes: int) -> str:
    """«0», «30 мин», «1,5 ч»."""
    if minutes == 0:
        return "0"
    if minutes < 60:
        return f"{minutes}{NBSP}мин"
    return f"{minutes / 60:g}".replace(".", ",") + f"{NBSP}ч"


def _step(most: int) -> int:
    """A round step that gives two to five lines."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if most <= step * factor * 4:
                return step * factor
        step *= 10

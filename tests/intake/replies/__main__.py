"""Print what the cut of quotes makes of the samples: python -m tests.intake.replies [--show]."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from app.demo.stories import stories
from tests.intake.replies import HELD_OUT, SAMPLES, Result, crossed, measure, read


@dataclass(frozen=True)
class Figures:
    """Shares of replies. `losing`: with a folded word of the customer; `rid_of_quotes`: of those that have a quote."""

    replies: int
    quotes: int
    losing: float
    rid_of_quotes: float


def figures(results: Sequence[Result]) -> Figures:
    """The shares over these results."""
    quoting = [result for result in results if result.sample.has_quote]
    losing = sum(bool(result.lost) for result in results) / len(results)
    rid = sum(not result.left for result in quoting) / len(quoting)
    return Figures(len(results), len(quoting), losing, rid)


def spoken() -> list[str]:
    """What customers say in the stories of the demo."""
    answers = [text for story in stories() for who, text in (*story.talk, *story.again) if who == "a"]
    return sorted({*answers, *(story.what for story in stories())})


def main() -> None:
    """A line of figures for each set; with --show each sample of the open part that is not right."""
    samples, held_out = read(SAMPLES), read(HELD_OUT)
    both = crossed([*samples, *held_out], spoken())
    for name, replies in (("samples", samples), ("held out", held_out), ("the demo's words in their forms", both)):
        results = [measure(sample) for sample in replies]
        found = figures(results)
        print(
            f"{name}: {found.replies} replies, {found.quotes} of them with a quote; words lost in {found.losing:.2%},"
            f" quotes removed in {found.rid_of_quotes:.1%}"
        )
        if "--show" in sys.argv and name != "held out":
            _show([result for result in results if not result.is_right][:20])


def _show(wrong: Sequence[Result]) -> None:
    for result in wrong:
        print(f"\n=== {result.sample.name}\nlost: {[*result.lost]}\nleft: {[*result.left][:12]}\n{result.shown}")


if __name__ == "__main__":
    main()

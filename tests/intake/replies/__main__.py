"""Print what the cut of quotes makes of the samples: python -m tests.intake.replies [--show]."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from tests.intake.replies import HELD_OUT, SAMPLES, Result, measure, read


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


def main() -> None:
    """Two lines of figures; with --show each sample of the open part that is not right."""
    for name, folder in (("samples", SAMPLES), ("held out", HELD_OUT)):
        results = [measure(sample) for sample in read(folder)]
        if not results:
            continue
        found = figures(results)
        print(
            f"{name}: {found.replies} replies, {found.quotes} of them with a quote; words lost in {found.losing:.1%},"
            f" quotes removed in {found.rid_of_quotes:.1%}"
        )
        for result in results if "--show" in sys.argv and folder == SAMPLES else []:
            if not result.is_right:
                print(
                    f"\n=== {result.sample.name}\nlost: {[*result.lost]}\nleft: {[*result.left][:12]}\n{result.shown}"
                )


if __name__ == "__main__":
    main()

"""`python -m workers.nursery NAME:FD …`: the Procfile's own processes, forked from one loaded application.

Each of them is also `python -m workers.NAME` by itself; together they share what is loaded, some 50 MB each.
"""

from __future__ import annotations

import sys

from workers import bot, clock, mail, run
from workers.family import Child, Family


def main() -> None:
    """Fork what is named; each speaks to its own descriptor, inherited from the supervisor."""
    inlets: list[Child] = []
    workers: list[Child] = []
    for argument in sys.argv[1:]:
        name, _, output = argument.partition(":")
        for child in _children(name):
            child.output = int(output)
            (workers if name == "worker" else inlets).append(child)
    Family(inlets, workers).run()


def _children(name: str) -> list[Child]:
    match name:
        case "worker":
            return run.children()
        case "clock":
            return [Child(name, clock.main)]
        case "mail":
            return [Child(name, mail.main)]
        case "bot":
            return [Child(name, bot.main, may_finish=True)]
        case _:
            raise ValueError(f"the nursery knows no {name!r}")


if __name__ == "__main__":
    main()

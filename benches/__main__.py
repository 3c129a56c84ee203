"""`bin/bench [NAME …]`: prepare desks, measure them one after the other, print one table, keep the figures as JSON."""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import time
from contextlib import ExitStack
from typing import Any

from benches import databases, intake, keys, live, mail, memory, pages, reports, search, sweep, telegram

SIZES = (10_000, 100_000, 300_000)
NAMES = {
    "pages": "queue, request, status and customer's page: p50, p95, pages a second, CPU a page",
    "intake": "requests accepted by form and by letter, letters filed",
    "mail": "5 000 letters as people write them: accepted, filed, how soon each is answered, memory of their reader",
    "live": "how soon open queues hear of a new request: a hundred, beside pages, three hundred",
    "keys": "frequent acts in a Chromium by keys alone: keys and seconds for an answer, a call, the next request",
    "telegram": "a hundred chats at once for a minute: how soon the bot answers, limits kept, nothing lost",
    "sweep": "what one sweep of deadlines asks of the database",
    "search": "the search page over a wide vocabulary: rare and common words, slips, phones, companies, filters",
    "reports": "a month, a quarter, tables, lists and ten years; the figures against plain SQL",
    "memory": "share of memory of every process of the whole desk",
}


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    given = _arguments()
    names = given.names or list(NAMES)
    sizes = given.sizes or ([SIZES[0]] if given.quick else list(SIZES))
    kinds = [given.database] if given.database else (["sqlite"] if given.quick else ["sqlite", "postgres"])
    started = time.monotonic()
    told: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    with ExitStack() as until_the_end:
        server = until_the_end.enter_context(databases.postgres()) if "postgres" in kinds else None
        for kind in kinds:
            for size in sizes:
                prepared = databases.prepare(kind, size, server if kind == "postgres" else None)
                print(f"{prepared.name}: {databases.filling_time(prepared)}", file=sys.stderr)
                _measure(prepared, names, told, is_quick=given.quick)
    _report(told, time.monotonic() - started)


def _measure(
    prepared: databases.Prepared, names: list[str], told: dict[str, list[dict[str, Any]]], *, is_quick: bool
) -> None:
    if "pages" in names:
        clients = (8,) if is_quick else pages.CLIENTS
        told["pages"] += pages.measure(prepared, seconds=3 if is_quick else 5, clients=clients)
    if "intake" in names:
        told["intake"] += intake.measure(prepared, letters=300 if is_quick else 2000, seconds=3 if is_quick else 8)
    if "mail" in names:
        told["mail"] += mail.measure(prepared, letters=300 if is_quick else 5000, seconds=8 if is_quick else 30)
    if "live" in names:
        told["live"] += live.measure(prepared, changes=12 if is_quick else 60)
    if "telegram" in names:
        told["telegram"] += telegram.measure(prepared, seconds=20 if is_quick else 60)
    if "reports" in names:
        told["reports"] += reports.measure(prepared, seconds=3 if is_quick else 8)
    if "search" in names:
        told["search"] += search.measure(prepared, seconds=2 if is_quick else 5)
    for name, plain in {"sweep": sweep.measure, "keys": keys.measure, "memory": memory.measure}.items():
        if name in names:
            told[name] += plain(prepared)


def _report(told: dict[str, list[dict[str, Any]]], spent: float) -> None:
    tables = {"pages": pages.table, "intake": intake.table, "mail": mail.table, "live": live.table}
    tables |= {"reports": reports.table, "keys": keys.table}
    tables |= {"telegram": telegram.table, "memory": memory.table, "sweep": sweep.table, "search": search.table}
    load = os.getloadavg()[0]
    machine = (
        f"{os.cpu_count()} processors, {platform.system()} {platform.release()}, Python {platform.python_version()}"
    )
    lines = [f"{machine}; load at the end {load:.1f}; {spent:.0f} s in all"]
    for name, rows in told.items():
        lines += ["", f"{name}: {NAMES[name]}", *tables[name](rows)]
    print("\n".join(lines))
    file = databases.bench_folder() / f"{time.strftime('%Y-%m-%dT%H%M%S')}.json"
    kept = {"machine": machine, "load": load, "seconds": spent, **told}
    file.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"\nFigures: {file}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/bench",
        description="Measure the desk. Prepared databases are kept under DATA_DIR/bench.",
        epilog="\n".join(f"{name:8} {text}" for name, text in NAMES.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", choices=[*NAMES, []], help="what to measure; all by default"
    )
    parser.add_argument("--sizes", type=_sizes, metavar="N,N", help="requests in the database (10000,100000,300000)")
    parser.add_argument("--database", choices=["sqlite", "postgres"], help="only this one")
    parser.add_argument("--quick", action="store_true", help="one size on SQLite, everything in short")
    return parser.parse_args()


def _sizes(text: str) -> list[int]:
    return [int(part.replace("_", "").replace(" ", "")) for part in text.split(",")]


if __name__ == "__main__":
    main()

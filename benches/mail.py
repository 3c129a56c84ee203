"""Letters: accepted and filed a second, how soon each is answered with its number, and what their reader takes."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app import clock, create_app, database
from app.config import read
from app.extensions import db
from app.models import Delivery, DeliveryChannel, DeliveryState, Event, EventKind, Letter
from benches import intake, processes
from benches.databases import Prepared
from benches.desk import Desk, running
from benches.samples import Ledger

SENDERS = 20  # connections: as many as Postfix opens to one transport by default
RATES = (1, 10, 50)  # letters a second
AIMS = {"accepted": 200, "filed": 60, "answered, 10 a second": 2000, "reader's memory": 150}
SETTLES_WITHIN = 60.0  # seconds, after the last letter of a rate


def measure(prepared: Prepared, *, letters: int, seconds: float) -> list[dict[str, Any]]:
    """Rows: what, its figure and unit."""
    with running(prepared) as desk:
        answers = _Answers(desk)
        answers.settle()
        rows = []
        for rate in RATES:  # before the masses: over a cap of letters altogether, strangers wait for an hour
            p50, p95 = answers.delays(rate, seconds)
            rows += [(f"answered, {rate} a second", p95, "ms p95"), (f"answered, {rate} a second", p50, "ms p50")]
        answers.settle()
        ledger, before = Ledger(desk.prepared), Ledger(desk.prepared).filed()
        started = time.monotonic()
        sent = intake.send(desk, {"road": "mail", "letters": letters, "clients": SENDERS})
        filed, spent = intake.await_filing(ledger, before + sent["accepted"], started)
        rows += [
            ("accepted", sent["accepted"] / sent["seconds"], "a second"),
            ("filed", (filed - before) / spent, "a second"),
            ("reader's memory", _readers_peak(desk), "MB"),
        ]
    named = {"database": prepared.kind, "size": prepared.size}
    return [{**named, "what": what, "figure": figure, "unit": unit} for what, figure, unit in rows]


def table(rows: list[dict[str, Any]]) -> list[str]:
    return [
        f"{'database':9}{'requests':>9} {'what':24}{'figure':>9} {'unit':9}{'aim':>6}",
        *(
            f"{row['database']:9}{row['size']:>9} {row['what']:24}{row['figure']:>9.0f} {row['unit']:9}"
            f"{'' if row['unit'] == 'ms p50' else AIMS.get(row['what'], ''):>6}"
            for row in rows
        ),
    ]


class _Answers:
    """From the yes to a letter until its registration letter was accepted, by the desk's own rows."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._app = create_app(read(desk.prepared.environment))

    def delays(self, rate: int, seconds: float) -> tuple[float, float]:
        """p50 and p95 in ms of letters that come at that rate; one that is not answered counts as a minute."""
        last = self._last()
        sent = intake.send(self._desk, {"road": "mail", "rate": rate, "letters": round(rate * seconds)})
        until = time.monotonic() + SETTLES_WITHIN
        while len(found := self._of(last)) < sent["accepted"] and time.monotonic() < until:
            time.sleep(0.5)
        found = sorted([*found, *[SETTLES_WITHIN * 1000] * (sent["accepted"] - len(found))])
        return found[len(found) // 2], found[min(len(found) - 1, int(len(found) * 0.95))]

    def settle(self) -> None:
        """Wait until nothing is due of what came before; what a cap holds back is not."""
        until = time.monotonic() + SETTLES_WITHIN
        due = select(func.count()).where(Delivery.next_attempt_at <= clock.now())
        while self._one(due) and time.monotonic() < until:
            time.sleep(1)

    def _last(self) -> int:
        return int(self._one(select(func.max(Letter.id))) or 0)

    def _of(self, last: int) -> list[float]:
        query = (
            select(Letter.received_at, Delivery.accepted_at)
            .join(Event, (Event.ticket_id == Letter.ticket_id) & (Event.kind == EventKind.REGISTERED))
            .join(Delivery, (Delivery.event_id == Event.id) & (Delivery.channel == DeliveryChannel.EMAIL))
            .where(Letter.id > last, Delivery.is_for_customer, Delivery.state == DeliveryState.ACCEPTED)
        )
        with self._app.app_context(), database.reading(), db.engine.connect() as connection:
            return [(told - came).total_seconds() * 1000 for came, told in connection.execute(query) if told]

    def _one(self, query: Any) -> Any:
        with self._app.app_context(), database.reading(), db.engine.connect() as connection:
            return connection.execute(query).scalar()


def _readers_peak(desk: Desk) -> float:
    """The most memory that a reader of letters has had so far, in MB."""
    peaks = [0.0]
    for pid in processes.family(desk.pid):
        with suppress(OSError):
            if b"app.intake.mime" in Path(f"/proc/{pid}/cmdline").read_bytes():
                status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
                peaks.append(int(status.partition("VmHWM:")[2].split()[0]) / 1024)
    return max(peaks)

"""The storm: a whole desk under load while processes die, Redis forgets, the database locks and mail refuses."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, select, update

from app import environment
from app.alarms import AFTER, AFTER_JUMP
from app.models import BotMessage, BotUpdate, Cause, Delivery, Escalation, Letter, State, Sweep, Ticket
from tests.processes.desk import Desk, alive, running_desk
from tests.storm import chatting, ledger, writers
from tests.storm.attempts import Attempts
from tests.storm.chatting import Chats
from tests.storm.engineer import Engineer
from tests.storm.sink import Sink
from tests.storm.weather import Weather
from tests.storm.writers import Writer
from tests.telegram import fake as telegram

SILENCE = timedelta(seconds=10)
CALM = 180.0  # seconds that everything owed may take once the storm is over
SETTINGS = {
    "WEB_WORKERS": "2",
    "JOB_WORKERS": "2",
    "SWEEP_EVERY": "5s",
    "MAIL_TIMEOUT": "4s",
    "UNDO_SEND": "0s",
    "AUTO_CLOSE_AFTER": "10s",
    "TELEGRAM_DRAFT_AFTER": chatting.DRAFT_AFTER,
    "TELEGRAM_DRAFT_URGENT_AFTER": chatting.DRAFT_AFTER,
    "FORM_LIMIT": "1000000 per hour",
    "LOOKUP_LIMIT": "1000000 per hour",
}


@dataclass
class Result:
    """What the storm did, what it met, and what was found afterwards."""

    seconds: float
    calm_took: float = 0.0
    weather: dict[str, int] = field(default_factory=dict)
    figures: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    left_running: list[int] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.faults and not self.left_running

    def as_json(self) -> dict[str, object]:
        return asdict(self)

    def table(self) -> str:
        """A short table for people."""
        rows = {"seconds of storm": round(self.seconds), "seconds until quiet": round(self.calm_took)}
        rows |= dict(sorted(self.weather.items())) | self.figures
        lines = [f"{name:<28}{value:>8}" for name, value in rows.items()]
        faults = self.faults[:40] + [f"process {pid} was left running" for pid in self.left_running]
        return "\n".join(
            [*lines, "", *(faults or ["No fault: every yes is a request, every letter owed is accounted for."])]
        )


def rage(folder: Path, seconds: float, *, url: str = "", pace: float = 1.0) -> Result:
    """Let it rage for some seconds on a fresh desk in ``folder``.

    ``url``: an empty database, SQLite in the folder by default; ``pace``: pause of one writer in seconds.
    """
    url = environment.database(url or f"sqlite:///{folder}/helpdesk.sqlite3")
    settings = {**SETTINGS, "DATABASE_URL": url, "MAIL_SERVER": "127.0.0.1"}
    result = Result(seconds)
    attempts = Attempts()
    with (
        Sink() as sink,
        telegram.running() as fake,
        running_desk(folder, MAIL_PORT=str(sink.port), **settings, **fake.settings) as desk,
    ):
        chats = Chats(fake)
        crowd = _crowd(desk, chats, attempts, pace)
        engineer = Engineer(desk, attempts, pace * 2)
        weather = Weather(desk, sink, url, chats)
        everybody: list[Writer | Engineer] = [*crowd, engineer]
        for person in everybody:
            person.start()
        weather.start()
        time.sleep(seconds)
        weather.clear_up()
        for person in everybody:
            person.is_over.set()
        for person in everybody:
            person.join(150)
        result.calm_took = _wait_for_quiet(url)
        result.weather = dict(weather.done)
        chats.read_numbers(attempts.made())
        found = ledger.check(url, folder, attempts.made(), list(sink.taken), engineer.solved, SILENCE)
        ledger.add_chats(url, chats, found)
        result.figures, result.faults = found.figures, found.faults
        pids = {process.pid for process in desk.processes()}
        desk.stop()
        result.left_running = sorted(alive(pids))
    return result


def _crowd(desk: Desk, chats: Chats, attempts: Attempts, pace: float) -> list[Writer]:
    return [
        *[Writer("form", writers.by_form(desk), attempts, pace) for _ in range(2)],
        Writer("smtp", writers.by_smtp(desk), attempts, pace),
        Writer("pipe", writers.by_pipe(desk), attempts, pace * 2),
        Writer(chatting.ROAD, chats.by_telegram, attempts, pace * 2),
    ]


def _wait_for_quiet(url: str) -> float:
    """Wait until nothing is owed; letters put off for hours by their back-off are called at once, as hours pass."""
    began = time.monotonic()
    while ledger.owed(url) and time.monotonic() - began < CALM:
        time.sleep(2)
        if time.monotonic() - began > CALM / 4:
            _let_hours_pass(url)
    return time.monotonic() - began


def _let_hours_pass(url: str) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=60)
    engine = create_engine(url, connect_args={"timeout": 30} if url.startswith("sqlite") else {})
    with engine.begin() as connection:
        connection.execute(
            update(Delivery).where(Delivery.next_attempt_at > soon).values(next_attempt_at=Delivery.created_at)
        )
        connection.execute(update(Letter).where(Letter.file_at > soon).values(file_at=Letter.received_at))
        put_off_in_chats = update(BotMessage).where(BotMessage.next_attempt_at > soon)
        connection.execute(put_off_in_chats.values(next_attempt_at=BotMessage.created_at))
        connection.execute(update(BotUpdate).where(BotUpdate.work_at > soon).values(work_at=BotUpdate.received_at))
        put_off = select(Ticket.id, Ticket.close_at).where(Ticket.state == State.SOLVED, Ticket.next_alarm_at > soon)
        for ticket_id, close_at in connection.execute(put_off).all():
            alarms = {"close": close_at.isoformat()} if close_at else {}
            due = update(Ticket).where(Ticket.id == ticket_id).values(alarms=alarms, next_alarm_at=close_at)
            connection.execute(due)
        # A desk that was killed for ten minutes without a pause closes nothing for an hour.
        jumped = update(Sweep).where(Sweep.name == AFTER)
        connection.execute(jumped.values(ended_at=datetime.now(UTC) - AFTER_JUMP))
        # Many closings in one sweep wait for the manager, who takes them on control.
        untaken = update(Escalation).where(Escalation.cause == Cause.SYSTEM, Escalation.acknowledged_at.is_(None))
        connection.execute(untaken.values(acknowledged_at=datetime.now(UTC)))
    engine.dispose()

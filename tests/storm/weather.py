"""What goes wrong in the storm: kills, flushes, locks, a mail server with moods. One thread for each."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import psutil
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from supervisor import valkey
from tests.processes.desk import MARKS, Desk
from tests.storm.chatting import Chats
from tests.storm.sink import Mood, Sink

SMALL_DISK = 1 << 30  # bytes
MOODS = [*[Mood.OK] * 4, Mood.DEFER, Mood.REFUSE, Mood.DROP, Mood.HANG]


class Weather:
    """All the trouble at once, until it is told to clear up; counts what it did."""

    def __init__(self, desk: Desk, sink: Sink, url: str, chats: Chats) -> None:
        self._engine = create_engine(url)
        self.done: Counter[str] = Counter()
        self._desk, self._sink, self._chats = desk, sink, chats
        self._is_over = threading.Event()
        self._threads = [
            self._every(0.5, 3, self._kill),
            self._every(25, 35, self._flush),
            self._every(15, 40, self._lock_database),
            self._every(30, 60, self._cut_database),
            self._every(40, 120, self._fill_disk),
            self._every(4, 10, self._change_mood),
            self._every(20, 50, self._freeze_redis),
            self._every(4, 10, self._upset_telegram),
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def clear_up(self) -> None:
        """End all trouble; the mail server is well again."""
        self._is_over.set()
        for thread in self._threads:
            thread.join(60)
        self._engine.dispose()
        self._sink.mood = Mood.OK
        self._chats.clear_up()

    def _every(self, least: float, most: float, act: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            while not self._is_over.wait(random.uniform(least, most)):
                act()

        return threading.Thread(target=run, daemon=True)

    def _kill(self) -> None:
        """Kill -9 any process below the supervisor."""
        living = self._desk.processes()
        if not living:
            return
        victim = random.choice(living)
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            name = _name(victim)
            os.kill(victim.pid, signal.SIGKILL)
            self.done[f"kill {name}"] += 1

    def _flush(self) -> None:
        with suppress(RedisError, OSError), self._redis() as redis:
            redis.flushall()
            self.done["flushall"] += 1

    def _lock_database(self) -> None:
        """Keep every writer out for some seconds, now and then for longer than anybody waits."""
        seconds = random.choice([2, 5, 15])
        begin = "BEGIN IMMEDIATE" if self._engine.dialect.name == "sqlite" else "LOCK TABLE tickets, letters"
        try:
            with self._engine.connect() as connection:
                connection.execute(text(begin))
                self._is_over.wait(seconds)
                connection.rollback()
            self.done[f"database locked {seconds} s"] += 1
        except SQLAlchemyError:
            self.done["database busy"] += 1

    def _cut_database(self) -> None:
        """End every connection to PostgreSQL, as its restart does."""
        if self._engine.dialect.name == "sqlite":
            return
        with suppress(SQLAlchemyError), self._engine.connect() as connection:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            connection.execute(text(f"{others} AND datname = current_database()"))
            self.done["connections cut"] += 1

    def _fill_disk(self) -> None:
        """Leave not a byte for some seconds, where the data folder has a small disk of its own."""
        size = os.statvfs(self._desk.data_dir)
        if size.f_blocks * size.f_frsize > SMALL_DISK:
            return
        ballast = self._desk.data_dir / "ballast"
        try:
            with suppress(OSError), ballast.open("wb", buffering=0) as file:
                while file.write(bytes(65536)):
                    pass
            self._is_over.wait(random.uniform(3, 12))
        finally:
            ballast.unlink(missing_ok=True)
        self.done["disk full"] += 1

    def _change_mood(self) -> None:
        self._sink.mood = random.choice(MOODS)
        self.done[f"mail server {self._sink.mood}"] += 1

    def _freeze_redis(self) -> None:
        pid = self._desk.pid("redis")
        if pid is None:
            return
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            self._is_over.wait(random.uniform(1, 8))
            os.kill(pid, signal.SIGCONT)
            self.done["redis frozen"] += 1

    def _upset_telegram(self) -> None:
        """One trouble after the other, each for some calls or seconds."""
        self._chats.clear_up()
        if random.random() < 0.6:
            self.done[self._chats.upset()] += 1

    def _redis(self) -> Redis:
        path = valkey.socket_path(self._desk.data_dir / "redis")
        return Redis(unix_socket_path=str(path), socket_timeout=2)


def _name(process: psutil.Process) -> str:
    words = " ".join([process.name(), *process.cmdline()])
    named = [name for name, mark in MARKS.items() if mark in words and name != "house"]
    return named[0] if named else "house" if MARKS["house"] in words else "other"

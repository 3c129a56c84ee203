"""What the doctor looks at: each check says how it is and, where it is not well, how to mend it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from redis.exceptions import RedisError
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from app import bell, clock, desk_watch, files, heartbeats, migrations, store_watch
from app.config import settings
from app.doctor import people, servers
from app.doctor.findings import Finding, Level, ok
from app.extensions import db, redis_client
from app.models.running import Sweep
from app.models.staff import Staff
from app.paging.reach import reach

FULL_BELOW = desk_watch.GIGABYTE // 2  # free bytes; the manager hears before, at desk_watch.LEAST_FREE
MOST_SKEW = timedelta(seconds=5)


def all_checks() -> Iterator[Callable[[], Finding]]:
    """Each in the order of what depends on it."""
    yield from (
        _settings,
        _secrecy,
        _database,
        _migrations,
        _staff,
        _redis,
        servers.smtp,
        *servers.mailboxes(),
        servers.telegram,
        _paging,
        people.on_duty,
        people.complaints,
        _disk,
        _files,
        servers.viruses,
        _clock,
    )
    yield _processes


def quick_checks() -> Iterator[Callable[[], Finding]]:
    """Those that a page can wait for: they ask the database, this machine and, for a second at most, Redis."""
    yield from (_settings, _secrecy, _database, _migrations, _redis)
    if not settings().mail_server:  # with one, the check speaks to it
        yield servers.smtp
    yield from (_paging, people.on_duty, people.complaints, _disk, _clock, _processes)


def examined(check: Callable[[], Finding]) -> Finding:
    """What a check found; one that cannot be made is a finding too."""
    try:
        return check()
    except (SQLAlchemyError, RedisError, OSError) as error:
        db.session.rollback()
        name = check.__name__.strip("_")
        return Finding(name, Level.FAIL, type(error).__name__, "mend the database first", is_made=False)


def _settings() -> Finding:
    own = settings()
    if not os.access(own.data_dir, os.W_OK):
        return Finding("settings", Level.FAIL, f"{own.data_dir} cannot be written", "give DATA_DIR to this user")
    return ok("settings", f"read; data in {own.data_dir}")


def _secrecy() -> Finding:
    if settings().is_https:
        return ok("address", settings().public_url)
    words = (
        f"{settings().public_url} is plain http: cookies travel readable and the live page works on this machine only"
    )
    return Finding("address", Level.WARN, words, "put TLS in front and set PUBLIC_URL to https://…")


def _database() -> Finding:
    if settings().is_sqlite:
        version = db.session.scalar(text("SELECT sqlite_version()"))
        return ok("database", f"SQLite {version}; for many engineers at once take PostgreSQL")
    version = db.session.scalar(text("SHOW server_version"))
    if db.session.scalar(text("SHOW synchronous_commit")) == "off":
        words = f"PostgreSQL {version} may lose what it has confirmed"
        return Finding("database", Level.FAIL, words, "set synchronous_commit = on")
    return ok("database", f"PostgreSQL {version}")


def _migrations() -> Finding:
    current, newest = migrations.current(), migrations.newest()
    if current == newest:
        return ok("migrations", f"up to date ({newest})")
    words = f"the database is at {current or 'nothing'}, this code wants {newest}"
    return Finding("migrations", Level.FAIL, words, "flask db upgrade")


def _staff() -> Finding:
    count = db.session.scalar(select(func.count(Staff.id)).where(Staff.is_disabled.is_(False)))
    if count:
        return ok("staff", f"{count} can sign in")
    return Finding("staff", Level.WARN, "nobody can sign in", "flask staff add EMAIL --name NAME --role admin")


def _redis() -> Finding:
    if bell.is_answering():
        return ok("redis", "answers")
    return Finding(
        "redis", Level.FAIL, "does not answer; work is done from SQL, slower", "start Redis or mend REDIS_URL"
    )


def _paging() -> Finding:
    if (found := reach(clock.now())).ways:
        return ok("paging", found.words)
    return Finding("paging", Level.WARN, found.words, "set MAIL_SERVER, TELEGRAM_BOT_TOKEN or PAGE_WEBHOOK_URL")


def _disk() -> Finding:
    free = shutil.disk_usage(settings().data_dir).free
    words = f"{free / desk_watch.GIGABYTE:.1f} GB free under DATA_DIR"
    if free < desk_watch.LEAST_FREE:
        level = Level.FAIL if free < FULL_BELOW else Level.WARN
        return Finding("disk", level, words, "free some space or move DATA_DIR")
    return ok("disk", words)


def _files() -> Finding:
    missing = [kept for folder in files.folders() for kept in store_watch.missing_in(folder)]
    if missing:
        names = ", ".join(kept.storage_id for kept in missing[:5])
        return Finding("files", Level.FAIL, f"{len(missing)} files of requests are gone: {names}", "restore a backup")
    return ok("files", "every file of a request is on the disk")


def _clock() -> Finding:
    here = datetime.now(UTC)
    others = {name: at for name, at in _other_clocks() if abs(at - here) > MOST_SKEW}
    if others:
        words = ", ".join(f"{name} says {at:%Y-%m-%d %H:%M:%S}" for name, at in others.items())
        return Finding(
            "clock", Level.FAIL, f"this machine says {here:%Y-%m-%d %H:%M:%S} UTC, {words}", "switch on NTP on both"
        )
    last = db.session.scalar(select(func.max(Sweep.ended_at)))
    if last and last > here + MOST_SKEW:
        words = f"the last sweep ended at {last:%Y-%m-%d %H:%M} UTC, which is still to come"
        return Finding("clock", Level.FAIL, words, "set this machine's clock (NTP)")
    return ok("clock", f"{here:%Y-%m-%d %H:%M:%S} UTC, zone {settings().time_zone.key}")


def _other_clocks() -> Iterator[tuple[str, datetime]]:
    if not settings().is_sqlite and (at := db.session.scalar(select(func.clock_timestamp()))):
        yield "the database", at
    if bell.is_answering():
        seconds, micros = redis_client(settings().redis_url).time()
        yield "Redis", datetime.fromtimestamp(seconds + micros / 1e6, UTC)


def _processes() -> Finding:
    silent = heartbeats.silent()
    if not silent:
        return ok("processes", "all are heard")
    return Finding("processes", Level.WARN, f"silent: {', '.join(silent)}", "bin/run, or start what the Procfile names")

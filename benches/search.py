"""The search page over a vocabulary as wide as people's: rare and common words, slips, phones, companies, filters.

And what stands on the same index: the solved requests like one.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
from sqlalchemy import func, select

from app import create_app
from app.config import read
from app.extensions import db
from app.models import Company, Message, SearchDocument, SearchMark, Ticket
from benches import widened
from benches.databases import Prepared, run_flask
from benches.web import add_engineer, serving

AIM = 100  # ms, p95 of one reader
CLIENTS = (1, 4)


def measure(prepared: Prepared, *, seconds: float) -> list[dict[str, Any]]:
    """One row a kind of search and number of clients."""
    own = _copied(prepared)
    widened.widen(own)
    print(run_flask(own, "search", "resume").splitlines()[-1], file=sys.stderr, flush=True)
    searches, counts = _searches(own), _counts(own)
    password = add_engineer(own)
    rows = []
    with serving(own) as web:
        cookie = web.sign_in(password)
        for name, paths in searches.items():
            web.browse(paths, cookie, 1, 1.0)
            for clients in CLIENTS:
                told = web.browse(paths, cookie, clients, seconds)
                if set(told["statuses"]) - {"200"}:
                    sys.exit(f"{name}: not every answer was 200: {told['statuses']}")
                load = os.getloadavg()[0]
                rows.append({"database": own.kind, "size": own.size, "search": name, "load": load, **counts, **told})
                print(_line(rows[-1]), file=sys.stderr, flush=True)
    return rows


def table(rows: list[dict[str, Any]]) -> list[str]:
    """All rows; what is slower than the aim is marked."""
    sizes = {f"{row['database']}: {row['messages']} messages, {row['documents']} documents" for row in rows}
    head = f"{'database':9}{'requests':>9} {'search':28}{'clients':>8}{'p50 ms':>9}{'p95 ms':>9}{'load':>6}"
    return [*sorted(sizes), head, *map(_line, rows)]


def _line(row: dict[str, Any]) -> str:
    mark = " !" if row["p95"] > AIM and row["clients"] == 1 else ""
    place = f"{row['database']:9}{row['size']:>9} {row['search']:28}{row['clients']:>8}"
    return f"{place}{row['p50']:>9.1f}{row['p95']:>9.1f}{row['load']:>6.1f}{mark}"


def _copied(prepared: Prepared) -> Prepared:
    """A desk of its own, so that the other measurements keep theirs."""
    folder = prepared.folder.with_name(f"{prepared.folder.name}-wide")
    folder.mkdir(exist_ok=True)
    environment = {**prepared.environment, "DATA_DIR": str(folder)}
    if prepared.postmaster is None:
        target = folder / "helpdesk.sqlite3"
        if not target.exists():
            _copy_sqlite(prepared.folder / "helpdesk.sqlite3", target)
        environment["DATABASE_URL"] = f"sqlite:///{target}"
    else:
        head, _, query = prepared.environment["DATABASE_URL"].partition("?")
        server, _, name = head.rpartition("/")
        with psycopg.connect(f"{server}/postgres?{query}", autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [f"{name}_wide"]).fetchone():
                connection.execute(f'CREATE DATABASE "{name}_wide" TEMPLATE "{name}"')
        environment["DATABASE_URL"] = f"{server}/{name}_wide?{query}"
    own = replace(prepared, folder=folder, environment=environment)
    run_flask(own, "db", "upgrade")
    return own


def _copy_sqlite(source: Path, target: Path) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(source)) as given, closing(sqlite3.connect(target)) as made:
        given.backup(made, pages=10_000)


def _searches(prepared: Prepared) -> dict[str, list[str]]:
    """Addresses by what is looked for."""
    app = create_app(read(prepared.environment))
    with app.app_context():
        some = select(Ticket.applicant_phone, Ticket.company_id, Company.name).join(Company)
        people = db.session.execute(some.order_by(Ticket.id.desc()).limit(40)).all()
        numbers = db.session.scalars(select(Ticket.number).order_by(Ticket.id.desc()).limit(40)).all()
        db.session.remove()
        db.engine.dispose()
    common, second, rare = widened.COMMON[0], widened.SECOND[0], widened.RARE
    asked = {
        "rare word": [{"q": rare}],
        "common word (20 %)": [{"q": form} for form in widened.COMMON],
        "two words": [{"q": f"{common} {form}"} for form in widened.SECOND],
        "common and rare word": [{"q": f"{common} {rare}"}],
        "phrase with a slip": [{"q": f"не печатает {common[:4]}{common[5]}{common[4]}{common[6:]} {second}"}],
        "rare word with a slip": [{"q": rare[:3] + rare[4:]}],
        "nothing there": [{"q": "абракадабрище"}],
        "other layout": [{"q": "ghbynth"}],
        "phone": [{"q": phone} for phone, _key, _name in people if phone],
        "company": [{"q": name} for _phone, _key, name in people],
        "company and common word": [{"q": f"{name} {common}"} for _phone, _key, name in people],
        "common, filter: company": [{"q": common, "company": str(key)} for _phone, key, _name in people],
        "common, filter: new": [{"q": common, "state": "new"}],
        "common, filter: with file": [{"q": common, "file": "1"}],
        "common, first a year ago": [{"q": common, "until": "2025-11-01"}],
        "common word, best first": [{"q": common, "order": "best"}],
    }
    searches = {name: [f"/search?{urlencode(one)}" for one in fields] for name, fields in asked.items()}
    return {**searches, "solved ones like a request": [f"/tickets/{number}/similar" for number in numbers]}


def _counts(prepared: Prepared) -> dict[str, int]:
    app = create_app(read(prepared.environment))
    with app.app_context():
        counts = {
            name: db.session.scalar(select(func.count()).select_from(noun)) or 0
            for name, noun in (("messages", Message), ("documents", SearchDocument), ("marks", SearchMark))
        }
        db.session.remove()
        db.engine.dispose()
    return counts

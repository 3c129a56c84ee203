"""Reports: a month, a quarter, tables, lists and ten years at one and four readers; figures against plain SQL."""

from __future__ import annotations

import re
import sys
from datetime import date, timedelta
from typing import Any

import requests
from sqlalchemy import text

from app import create_app
from app.config import read
from app.extensions import db
from app.reports import overview, period
from app.reports.scope import EVERYTHING
from app.tickets import measure as measuring
from benches.databases import Prepared
from benches.web import Web, add_engineer, serving

MANAGER = "bench-manager@desk.example"
READERS = (1, 4)
AIM = 500.0  # ms, p95 of a quarter for one reader
SOLVED = "FROM tickets WHERE solved_at >= :start AND solved_at < :end"
SAMPLE = 300  # requests whose working times are reckoned again


def measure(prepared: Prepared, *, seconds: float) -> list[dict[str, Any]]:
    """One row a page and number of readers; ends where a figure differs from plain SQL."""
    quarter = _last_whole_quarter(prepared)
    _check(prepared, quarter)
    days = f"period=own&from={quarter.first}&to={quarter.last}"
    month = f"period=own&from={quarter.last.replace(day=1)}&to={quarter.last}"
    ten_years = f"period=own&from={quarter.last.replace(year=quarter.last.year - 9, day=1)}&to={quarter.last}"
    pages = {
        "month": f"/reports?{month}",
        "quarter": f"/reports?{days}",
        "quarter, one firm": f"/reports?{days}&company=1",
        "by company": f"/reports/by/company?{days}",
        "by engineer": f"/reports/by/engineer?{days}",
        "list": f"/reports/requests?figure=kept&{days}",
        "ten years": f"/reports?{ten_years}",
    }
    rows = []
    password = add_engineer(prepared, MANAGER, "manager")
    with serving(prepared) as web:
        cookie = web.sign_in(password, MANAGER)
        _says(web, cookie, pages["quarter"], prepared, quarter)
        for name, path in pages.items():
            web.browse([path], cookie, 2, 1.0)
            for count in READERS if name == "quarter" else READERS[:1]:
                told = web.browse([path], cookie, count, seconds)
                if set(told["statuses"]) != {"200"}:
                    sys.exit(f"{name}: not every answer was 200: {told['statuses']}")
                rows.append({"database": prepared.kind, "size": prepared.size, "page": name, **told})
                print(_line(rows[-1]), file=sys.stderr, flush=True)
        told = web.browse(["/metrics"], "", 1, seconds)
        rows.append({"database": prepared.kind, "size": prepared.size, "page": "metrics", **told})
    return rows


def table(rows: list[dict[str, Any]]) -> list[str]:
    head = (
        f"{'database':9}{'requests':>9} {'page':18}{'readers':>8}{'p50 ms':>9}{'p95 ms':>9}{'CPU ms':>9}{'aim p95':>9}"
    )
    return [head, *(_line(row) for row in rows)]


def _line(row: dict[str, Any]) -> str:
    aim = f"{AIM:9.0f}" if row["page"] == "quarter" and row["clients"] == 1 else ""
    return (
        f"{row['database']:9}{row['size']:>9} {row['page']:18}{row['clients']:>8}{row['p50']:>9.1f}{row['p95']:>9.1f}"
        f"{row['cpu']:>9.1f}{aim}"
    )


def _last_whole_quarter(prepared: Prepared) -> period.Period:
    """The last quarter of the year that ended before the newest finished request came."""
    app = create_app(read(prepared.environment))
    with app.app_context():
        newest = str(db.session.scalar(text("SELECT max(solved_at) FROM tickets")))
        zone = read(prepared.environment).time_zone
        db.session.remove()
        db.engine.dispose()
    day = date.fromisoformat(newest[:10])
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    last = first - timedelta(days=1)
    return period.own(date(last.year, (last.month - 1) // 3 * 3 + 1, 1), last, zone)


def _check(prepared: Prepared, quarter: period.Period) -> None:
    """The figures of the quarter against plain SQL, and working times of a sample against their holdings."""
    app = create_app(read(prepared.environment))
    with app.app_context():
        span: dict[str, Any] = {"start": quarter.start, "end": quarter.end}
        if db.engine.dialect.name == "sqlite":
            span = {name: moment.strftime("%Y-%m-%d %H:%M:%S.%f") for name, moment in span.items()}
        figures = _plain(overview.overview(quarter, EVERYTHING), span)
        wrong = {name: pair for name, pair in figures.items() if pair[0] != pair[1]} | _remeasured(span)
        db.session.remove()
        db.engine.dispose()
    if wrong:
        sys.exit(f"{prepared.name}: figures differ from plain SQL (told, plain): {wrong}")
    print(f"{prepared.name}: {len(figures)} figures and {SAMPLE} requests agree with plain SQL", file=sys.stderr)


def _plain(told: overview.Overview, span: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Each figure as the report tells it and as one plain query counts it."""

    def counted(query: str) -> Any:
        return db.session.scalar(text(query), span)

    due = "FROM promises WHERE due_at >= :start AND due_at < :end AND kind = 'solution'"
    came = "FROM tickets WHERE created_at >= :start AND created_at < :end"
    rated = f"FROM ratings WHERE superseded_at IS NULL AND ticket_id IN (SELECT id {SOLVED})"
    work = "(queue_work + engineer_work + third_party_work) / 60"
    middle = f"ORDER BY 1 LIMIT 1 OFFSET {(told.solution.count + 1) // 2 - 1}"
    return {
        "kept": (told.solutions.kept, counted(f"SELECT count(*) {due} AND kept")),
        "broken": (told.solutions.broken, counted(f"SELECT count(*) {due} AND NOT kept")),
        "came": (told.came, counted(f"SELECT count(*) {came}")),
        "solved": (told.solved, counted(f"SELECT count(*) {SOLVED}")),
        "median": (
            (told.solution.median or timedelta()) // timedelta(minutes=1),
            counted(f"SELECT {work} {SOLVED} {middle}"),
        ),
        "ratings": (told.ratings.count, counted(f"SELECT count(*) {rated}")),
    }


def _remeasured(span: dict[str, Any]) -> dict[str, Any]:
    """Requests of the sample whose kept working times are not the sums over their holdings; nothing is written."""
    ids = list(db.session.scalars(text(f"SELECT id {SOLVED} ORDER BY number LIMIT {SAMPLE}"), span))
    columns = "id, queue_work, engineer_work, third_party_work, customer_work, reaction_work"
    rows = text(f"SELECT {columns} FROM tickets WHERE id IN ({', '.join(map(str, ids))}) ORDER BY id")
    before = db.session.execute(rows).all()
    measuring.anew(ids)
    after = db.session.execute(rows).all()
    db.session.rollback()
    return {str(one[0]): (tuple(one), tuple(two)) for one, two in zip(before, after, strict=True) if one != two}


def _says(web: Web, cookie: str, path: str, prepared: Prepared, quarter: period.Period) -> None:
    """The page tells the same number of requests as the list that it opens."""
    address = f"http://127.0.0.1:{web.port}"
    page = requests.get(address + path, headers={"Cookie": cookie}, timeout=60).text
    found = re.search(r"figure=came[^\"]*\">([\d\s ]+)", page)
    listed = requests.get(
        f"{address}/reports/requests?figure=came&{path.partition('?')[2]}", headers={"Cookie": cookie}, timeout=60
    ).text
    heading = re.search(r"<h1>Пришли: ([\d\s ]+)", listed)
    if not found or not heading or found[1].split() != heading[1].split():
        sys.exit(f"{prepared.name}, {quarter.first}: the page and its list do not agree: {found} {heading}")

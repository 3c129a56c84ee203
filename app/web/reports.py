"""Reports: the manager's figures of a period, told apart in tables, and the requests behind each figure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import now
from app.durations import iso, parse_moment
from app.models.words import Channel
from app.reading import report_page as reading
from app.reading import report_words
from app.reports import lists, tables
from app.reports.lists import Figure, Wanted
from app.reports.period import Compared, Named
from app.reports.scope import Dimension
from app.reports.spread import ENOUGH, is_enough
from app.rows import typed_id
from app.web import report_csv, report_filters
from app.web.report_filters import Asked, asked
from app.web.report_words import CHANNELS, COMPARED, DIMENSIONS, FIGURES, PERIODS

bp = Blueprint("reports", __name__)


@bp.get("/reports")
def index() -> ResponseReturnValue:
    """A period at a glance; filters stand in the address."""
    wish = asked(request.args)

    def days(figure: Figure, first: date, last: date) -> str:
        return url_for("reports.requests", figure=figure.value, **wish.days(first, last))

    def hour(number: int) -> str:
        return url_for("reports.requests", figure=Figure.CAME.value, hour=number, **wish.args())

    shown = reading.report(wish.period, wish.before, wish.scope, now(), days, hour)
    return _page("reports/index.html", wish, report=shown, dimension=None)


@bp.get("/reports/by/<dimension>")
def table(dimension: str) -> ResponseReturnValue:
    """All companies, engineers, channels or contracts, with every column."""
    if dimension not in set(Dimension):
        abort(404)
    wish, kind = asked(request.args), Dimension(dimension)
    lines = reading.by_name(tables.lines(kind, wish.period, wish.scope))
    return _page("reports/table.html", wish, dimension=kind, lines=lines)


@bp.get("/reports/requests")
def requests() -> ResponseReturnValue:
    """The requests behind a figure, newest first."""
    wish, wanted = asked(request.args), _wanted()
    page = lists.page(wanted, wish.period, wish.scope, _after())
    following = f"{_iso_exact(page.next[0])}_{page.next[1]}" if page.next else None
    own = {"page": page, "page_size": lists.PAGE, "following": following}
    more = {"hour": wanted.hour, "rating": request.args.get("rating")}
    return _page("reports/requests.html", wish, wanted=wanted, more=more, dimension=None, **own)


@bp.get("/reports/<name>.csv")
def csv(name: str) -> ResponseReturnValue:
    """The same figures as a file, written as they are read."""
    wish = asked(request.args)
    if wish.errors:
        abort(422)
    return report_csv.answer(name, wish, _wanted() if name == "requests" else None) or abort(404)


def _wanted() -> Wanted:
    figure = request.args.get("figure", Figure.CAME.value)
    if figure not in set(Figure):
        abort(404)
    hour = request.args.get("hour", type=int)
    given = request.args.get("rating", "")
    ratings = tuple(sorted({int(mark) for mark in given if mark in "12345"}))
    return Wanted(Figure(figure), hour if hour is not None and 0 <= hour < 24 else None, ratings)


def _iso_exact(moment: datetime) -> str:
    """To the microsecond: two requests may have come within one second."""
    return f"{iso(moment)[:-1]}.{moment.microsecond:06}Z"


def _after() -> tuple[datetime, int] | None:
    moment, _, row_id = request.args.get("after", "").partition("_")
    last_id = typed_id(row_id)
    try:
        return (parse_moment(moment), last_id) if last_id else None
    except ValueError:
        return None


def _page(template: str, wish: Asked, **more: Any) -> ResponseReturnValue:
    shown = render_template(
        template,
        asked=wish,
        words=report_words,
        ENOUGH=ENOUGH,
        is_enough=is_enough,
        companies=report_filters.companies(),
        engineers=report_filters.engineers(),
        contracts=report_filters.contracts(),
        periods=PERIODS,
        compared=COMPARED,
        channels=CHANNELS,
        dimensions=DIMENSIONS,
        figures=FIGURES,
        Named=Named,
        Compared=Compared,
        Channel=Channel,
        Dimension=Dimension,
        **more,
    )
    return (shown, 422) if wish.errors else shown

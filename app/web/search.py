"""The search box: a number opens its request; anything else is looked for, with filters, page by page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import numbers
from app.clock import midnight
from app.config import settings
from app.models.words import ACTIVE_STATES, Channel, State
from app.reading import search as reading
from app.reading.queue_rows import channel_words
from app.rows import typed_number
from app.search import query, tickets
from app.search.filters import Filters
from app.web.viewer import reader

bp = Blueprint("search", __name__)

PAGE = 30


@bp.get("/search")
def show() -> ResponseReturnValue:
    """``?q=``; ``?state=`` (a state or active), ``engineer``, ``company``, ``since``, ``until``, ``channel``, ``file``;
    ``?order=best``; ``?after=`` the cursor of the page before."""
    typed = query.typed(request.args.get("q", ""))
    chosen = _chosen()
    after = _natural("after")
    if after is None and (number := tickets.number_of(typed)):
        return redirect(url_for("tickets.show", number=number), 302)
    best_first = request.args.get("order") == "best"
    found = tickets.find(typed, _filters(chosen).wanted(), after, PAGE, best_first=best_first)
    again = {name: value for name, value in chosen.items() if value} | {"q": typed.text}
    again |= {"order": "best"} if best_first else {}
    return render_template(
        "search/index.html",
        typed=typed,
        found=found,
        rows=reading.rows(found.ids, found.forms, reader()),
        chosen=chosen,
        is_narrowed=any(chosen.values()),
        best_first=best_first,
        after=after,
        again=again,
        page_size=PAGE,
        best_of=tickets.BEST_OF,
        is_slip=bool(typed.number) and not typed.phone and not numbers.is_valid(typed.number),
        staff=reading.staff_names(),
        companies=reading.company_names(),
        channels=channel_words(),
    )


def _chosen() -> dict[str, str]:
    """The filters as they stand in the address; what is none of theirs falls away."""
    asked = request.args
    return {
        "state": asked.get("state", "") if asked.get("state") in {"active", *State} else "",
        "engineer": str(number) if (number := _natural("engineer")) is not None else "",
        "company": str(number) if (number := _natural("company")) else "",
        "since": day.isoformat() if (day := _day("since")) else "",
        "until": day.isoformat() if (day := _day("until")) else "",
        "channel": asked.get("channel", "") if asked.get("channel") in set(Channel) else "",
        "file": "1" if asked.get("file") else "",
    }


def _filters(chosen: dict[str, Any]) -> Filters:
    state, until, zone = chosen["state"], _day("until"), settings().time_zone
    return Filters(
        states=ACTIVE_STATES if state == "active" else (State(state),) if state else (),
        engineer_id=int(chosen["engineer"]) if chosen["engineer"] else None,
        company_id=int(chosen["company"]) if chosen["company"] else None,
        since=midnight(day, zone) if (day := _day("since")) else None,
        until=midnight(until + timedelta(days=1), zone) if until and until < date.max else None,
        channel=Channel(chosen["channel"]) if chosen["channel"] else None,
        has_file=bool(chosen["file"]),
    )


def _natural(name: str) -> int | None:
    """A number of the address as databases take it, or nothing."""
    return typed_number(request.args.get(name, ""))


def _day(name: str) -> date | None:
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if 2000 <= day.year <= 9000 else None  # what midnight in any zone can be told of

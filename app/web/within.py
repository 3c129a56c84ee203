"""The selection of the queue that a request was opened from: its page leads on in it and back to it."""

from __future__ import annotations

from typing import Any

from flask import has_request_context, request

from app.reading.queue_selection import Selection
from app.reading.queue_views import View

_PAGES = frozenset({"tickets", "ticket_work", "ticket_talk", "nearest"})
_VIEWS = frozenset(View)


def selection() -> Selection | None:
    """None where the page was reached by another way than a list."""
    return Selection.parse(request.args) if request.args.get("view") in _VIEWS else None


def carry(_endpoint: str, values: dict[str, Any]) -> None:
    """Addresses made on a request's page that name its view also say what the view was narrowed by."""
    if not has_request_context() or request.blueprint not in _PAGES or "view" not in values:
        return
    within = selection()
    if within is not None and values["view"] == within.view:
        for name, value in within.arguments.items():
            values.setdefault(name, value)

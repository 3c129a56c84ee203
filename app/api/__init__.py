"""The JSON API: the same verbs, rights and history as the pages."""

from app.api import calendars, companies, escalations, letters, messages, openapi, people, reports, tickets, work
from app.api.blueprint import bp

__all__ = [
    "bp",
    "calendars",
    "companies",
    "escalations",
    "letters",
    "messages",
    "openapi",
    "people",
    "reports",
    "tickets",
    "work",
]

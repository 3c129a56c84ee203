"""What somebody typed into a search field, as a condition over requests."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_

from app import numbers, phones
from app.models.ticket import Ticket


def typed(words: str) -> ColumnElement[bool]:
    """Number, e-mail or phone exactly, in any spelling; else text as it stands in title, text, company or name."""
    words = words.strip()
    number = numbers.normalise(words)
    if numbers.is_valid(number):
        return Ticket.number == number
    if "@" in words and " " not in words:
        return Ticket.applicant_email == words.lower()
    if sum(char.isdigit() for char in words) >= 10 and (phone := phones.e164(words)):
        return Ticket.applicant_phone == phone
    fields = (Ticket.title, Ticket.what, Ticket.company_name, Ticket.applicant_name)
    # SQLite folds the case of Latin letters alone.
    spellings = dict.fromkeys((words, words.lower(), words.capitalize(), words.upper()))
    return or_(*(field.icontains(spelling, autoescape=True) for field in fields for spelling in spellings))

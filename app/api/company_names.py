"""Companies by name or id, as programs name them."""

from __future__ import annotations

from app.api.problems import FieldsRefused
from app.extensions import db
from app.intake.identify import by_name
from app.models.company import Company


def company_named(name: str) -> Company:
    """The company of an id or an exact name (case, quotes and legal form make no difference)."""
    found = (
        db.session.get(Company, int(name)) if name.isascii() and name.isdigit() and len(name) < 10 else by_name(name)
    )
    if found is None:
        raise FieldsRefused({"company": f"There is no company {name!r}, or more than one: give its id."})
    return found

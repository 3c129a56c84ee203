"""Companies by name or id, as programs name them."""

from __future__ import annotations

from app.api.problems import FieldsRefused
from app.intake.identify import by_name
from app.models.company import Company
from app.rows import find_row, typed_id


def company_named(name: str) -> Company:
    """The company of an id or an exact name (case, quotes and legal form make no difference)."""
    found = find_row(Company, company_id) if (company_id := typed_id(name)) else by_name(name)
    if found is None:
        raise FieldsRefused({"company": f"There is no company {name!r}, or more than one: give its id."})
    return found

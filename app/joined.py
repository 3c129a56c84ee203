"""Companies and people that were joined to others: what is found under an old name or address is the one kept."""

from __future__ import annotations

from typing import TypeVar

from app.extensions import db
from app.models.company import Company
from app.models.person import Person

_Client = TypeVar("_Client", Company, Person)


def kept(client: _Client) -> _Client:
    """The row that stands for this one: itself, or the end of the chain of those it was joined to."""
    while client.merged_into_id is not None:
        following = db.session.get(type(client), client.merged_into_id)
        if following is None:
            break
        client = following
    return client

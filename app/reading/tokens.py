"""Programs' keys to the API as the administrator sees them: never the key, who made and who revoked each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.accounts.tokens import IN_ORDER
from app.extensions import db
from app.models.staff import Staff, Token
from app.reading.staff import role_word


@dataclass(frozen=True, slots=True)
class Row:
    """One token. Names are empty where a command did it."""

    id: int
    name: str
    role_word: str
    created_at: datetime
    created_by: str
    used_at: datetime | None  # to the hour
    revoked_at: datetime | None
    revoked_by: str


def listed() -> list[Row]:
    """Those that open something first, by name; one query."""
    maker, revoker = aliased(Staff), aliased(Staff)
    columns = (Token.id, Token.name, Token.role, Token.created_at, Token.used_at, Token.revoked_at)
    query = (
        select(*columns, maker.name.label("made"), revoker.name.label("ended"))
        .outerjoin(maker, maker.id == Token.created_by_id)
        .outerjoin(revoker, revoker.id == Token.revoked_by_id)
        .order_by(*IN_ORDER)
    )
    return [
        Row(
            id=found.id,
            name=found.name,
            role_word=role_word(found.role),
            created_at=found.created_at,
            created_by=found.made or "",
            used_at=found.used_at,
            revoked_at=found.revoked_at,
            revoked_by=found.ended or "",
        )
        for found in db.session.execute(query)
    ]

"""Colleagues named in a note as @surname."""

from __future__ import annotations

import re

from sqlalchemy import select

from app.extensions import db
from app.models.staff import Staff
from app.names import surname

_NAMED = re.compile(r"(?<![\w.@+-])@([^\W\d_]+(?:-[^\W\d_]+)?)")
MOST = 20


def mentioned(text: str) -> list[int]:
    """The ids of those who work here and are named so; of two with one surname, both."""
    named = {_key(name) for name in _NAMED.findall(text)[:MOST]}
    if not named:
        return []
    rows = db.session.execute(select(Staff.id, Staff.name).where(Staff.is_disabled.is_(False)).order_by(Staff.id))
    return [row.id for row in rows if row.name.strip() and _key(surname(row.name)) in named]


def _key(name: str) -> str:
    return name.casefold().replace("ё", "е")

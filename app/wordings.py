"""The wording of counts and moments in the language of whoever is spoken to now."""

from __future__ import annotations

from types import ModuleType

from app import wording, wording_en
from app.translate import speaks_source


def current() -> ModuleType:
    return wording if speaks_source() else wording_en

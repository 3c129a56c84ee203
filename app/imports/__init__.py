"""Companies, people, contracts and old requests from CSV: one core for the command and for the page.

What is wrong is said in the reader's language; the command reads English.
"""

from __future__ import annotations

from app.imports.kinds import KINDS, Kind
from app.imports.rows import Row, UnreadableFile
from app.imports.saving import AT_ONCE, save

__all__ = ["AT_ONCE", "KINDS", "Kind", "Row", "UnreadableFile", "save"]

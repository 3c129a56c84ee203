"""One hostile letter, and what must come out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Hostile:
    """Only what is given is looked at. ``refused``: it is no letter that anybody reads, and why; for good."""

    name: str
    raw: bytes
    text: str | None = None
    says: str = ""  # somewhere in the text
    subject: str | None = None
    sender: tuple[str, str] | None = None  # address and name
    files: Mapping[str, bytes] | None = None
    file_names: list[str] | None = None
    marks: list[str] = field(default_factory=list)
    refused: str = ""

"""Who else a letter names: shown to staff, who may make the writer of a forwarded letter the applicant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Others:
    """``copied``: people in copy, in words. ``forwarded``: whoever wrote what is passed on."""

    copied: str = ""
    forwarded: str = ""


def others(people: Sequence[Mapping[str, str]] | None, applicant_email: str) -> Others:
    """In words; whoever is the applicant already is not offered."""
    if not people:
        return Others()
    writer = next((one for one in people if one["how"] == "forwarded"), None)
    if writer and writer["email"] == applicant_email.lower():
        writer = None
    copied = ", ".join(_named(one) for one in people if one["how"] == "cc")
    return Others(copied, _named(writer) if writer else "")


def _named(one: Mapping[str, str]) -> str:
    return f"{one['name']} <{one['email']}>" if one["name"] else one["email"]

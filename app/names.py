"""Parts of a person's name, as it is written here: given name first, surname last."""

from __future__ import annotations


def surname(name: str) -> str:
    return name.rsplit(maxsplit=1)[-1] if name.strip() else name


def initials(name: str) -> str:
    return "".join(word[0] for word in name.split()[:2]).upper()

"""Gettext with a type: Russian is the source language, other languages come from catalogues."""

from __future__ import annotations

from flask_babel import gettext


def _(text: str, **values: object) -> str:
    """The text in the reader's language, with its ``%(name)s`` filled in."""
    return str(gettext(text, **values))

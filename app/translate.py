"""Gettext with a type: Russian is the source language, other languages come from catalogues."""

from __future__ import annotations

from flask import g
from flask_babel import get_locale, get_translations

SOURCE = "ru"


def _(text: str, **values: object) -> str:
    """The text in the reader's language, with its ``%(name)s`` filled in."""
    if text and not speaks_source():  # to a catalogue "" is its own header
        text = get_translations().ugettext(text)
    return text % values if values else text


def speaks_source() -> bool:
    """Whether the reader's language is the one that the texts are written in: a page asks a hundred times."""
    try:
        known = vars(g._get_current_object()).get("_flask_babel")  # noqa: SLF001  one look through the proxy, not four
    except RuntimeError:  # outside an application there is no reader
        return True
    locale = getattr(known, "babel_locale", None) or get_locale()
    return locale is None or locale.language == SOURCE

"""Gettext with a type: Russian is the source language, other languages come from catalogues."""

from __future__ import annotations

from flask import Flask
from flask_babel import get_locale, get_translations, gettext
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

SOURCE = "ru"


def init_app(app: Flask) -> None:
    """Templates say ``_`` dozens of times a page: the source language takes a short way."""
    app.jinja_env.globals.update(_=_in_template, gettext=_in_template)


def _(text: str, **values: object) -> str:
    """The text in the reader's language, with its ``%(name)s`` filled in."""
    return str(gettext(text, **values))


@pass_eval_context
def _in_template(context: EvalContext, text: str, **values: object) -> str:
    if get_locale().language != SOURCE:
        text = get_translations().ugettext(text)
    if context.autoescape:
        text = Markup(text)  # noqa: S704  the text is ours; the values are escaped as they are filled in
    return text % values if "%" in text else text

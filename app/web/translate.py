"""Translations in templates; texts from code take the same way through ``app.translate``."""

from __future__ import annotations

from flask import Flask
from flask_babel import get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from app.translate import _, speaks_source

__all__ = ["_"]


def init_app(app: Flask) -> None:
    """Templates say ``_`` dozens of times a page: the source language takes a short way."""
    app.jinja_env.globals.update(_=_in_template, gettext=_in_template)


@pass_eval_context
def _in_template(context: EvalContext, text: str, **values: object) -> str:
    if not speaks_source():
        text = get_translations().ugettext(text)
    if context.autoescape:
        text = Markup(text)  # noqa: S704  the text is ours; the values are escaped as they are filled in
    return text % values if "%" in text else text

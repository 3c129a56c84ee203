"""What a form was filled from, so that whoever saves second sees what the first changed and loses no word of theirs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, select

from app import durations
from app.clock import now
from app.errors import IntakeRejected
from app.extensions import db
from app.models.client_change import ClientChange
from app.web.translate import _

FIELD = "seen"
_LONGEST = 200  # of another's text beside one's own


class Overtaken(IntakeRejected):
    """Somebody saved meanwhile. ``typed``: the form again, with what was typed, and their words where nothing was."""

    def __init__(self, errors: dict[str, str], typed: dict[str, str]) -> None:
        super().__init__(errors)
        self.typed = typed


def sealed(values: Mapping[str, str]) -> dict[str, str]:
    """The form's values and, hidden among them, a mark of each as it is now."""
    marks = (f"{name}={_mark(value)}" for name, value in sorted(values.items()))
    return {**values, FIELD: " ".join((durations.iso(now()), *marks))}


def check(
    typed: Mapping[str, str], values: Mapping[str, str], own: ColumnElement[bool], shown: Mapping[str, str]
) -> None:
    """Raise Overtaken where a field is another than the form was filled from, and than what was typed.

    ``values``: of the form as it would be filled now; ``own``: whose changes; ``shown``: values in words.
    """
    opened_at, *marks = typed.get(FIELD, "").split(" ")
    seen = dict(mark.partition("=")[::2] for mark in marks)
    kept, errors = {**values, **typed}, {}
    for name, value in values.items():
        own_mark = _mark(typed.get(name, ""))
        if name not in seen or seen[name] == _mark(value) or own_mark == _mark(value):
            continue
        if own_mark == seen[name]:  # not touched here: their word stands in the form now
            kept[name] = value
            errors[name] = _("%(who)s: поле изменено. Здесь уже новое значение.", who=_who(own, opened_at))
        else:
            there = shown.get(name, value)[:_LONGEST] or _("пусто")
            errors[name] = _(
                "%(who)s: поле изменено. Сейчас там: %(there)s. Ваше осталось здесь, сохраните, если оно верно.",
                who=_who(own, opened_at),
                there=there,
            )
    if errors:
        raise Overtaken(errors, {**kept, FIELD: sealed(values)[FIELD]})


def _who(own: ColumnElement[bool], opened_at: str) -> str:
    """Who changed it since the form was opened, as far as the history knows."""
    query = select(ClientChange.at, ClientChange.actor_name).where(own).order_by(ClientChange.id.desc()).limit(1)
    last = db.session.execute(query).first()
    if last is None or not last.actor_name or last.at < _moment(opened_at):
        return _("Пока вы правили")
    return _("Пока вы правили, %(name)s", name=last.actor_name)


def _moment(text: str) -> datetime:
    try:
        return durations.parse_moment(text)
    except ValueError:
        return now()


def _mark(value: str) -> str:
    """Spaces and line ends make no difference."""
    return hashlib.sha256(" ".join(value.split()).encode(errors="replace")).hexdigest()[:10]

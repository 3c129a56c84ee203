"""The settings in effect as an administrator reads them: value in words, and whence. What is hidden stays hidden."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import Field, dataclass
from datetime import timedelta
from typing import Any

import limits
from flask import url_for

from app import thresholds
from app.config import SETTINGS, Settings, settings
from app.reading import setting_words
from app.reading.reader import Reader
from app.reading.threshold_history import hours_words
from app.translate import _

_WORKING = frozenset({"default_reaction", "default_solution", "complaint_answer_within"})  # in which a day is no unit
_KEPT = frozenset({"keep_robots", "keep_originals"})
_INHERITED = {
    "page_webhook_url": "escalation_webhook_url",
    "page_webhook_secret": "escalation_webhook_secret",
}
_CREDENTIALS = re.compile(r"(?<=//)[^/@\s]*@")  # of a URL
_QUERY = re.compile(r"\?\S*")


@dataclass(frozen=True, slots=True)
class Row:
    """One setting. ``whence``: who decided; ``usual``: the default in words where something else holds."""

    name: str
    value: str
    sentence: str
    whence: str
    usual: str
    is_given: bool
    href: str  # of the page that changes it


@dataclass(frozen=True, slots=True)
class Group:
    """Settings about one subject."""

    anchor: str
    title: str
    rows: list[Row]


def shown(reader: Reader) -> list[Group]:
    """Every setting, by subject."""
    return [
        Group(anchor, title, [_row(_FIELDS[name], sentence, reader) for name, sentence in sentences.items()])
        for anchor, title, sentences in setting_words.groups()
    ]


_FIELDS: Mapping[str, Field[Any]] = {setting.name: setting for setting in SETTINGS}


def _row(setting: Field[Any], sentence: str, reader: Reader) -> Row:
    own, name = settings(), setting.name
    is_given, on_page = name in own.given, name in thresholds.ON_PAGE
    value = getattr(thresholds.current() if on_page else own, name)
    is_chosen = on_page and value != getattr(own, name)
    words = _hidden(value) if not setting.repr else _words(name, value, reader)
    usual = _words(name, _default(setting, own), reader) if setting.repr else words
    return Row(
        name=name.upper(),
        value=words,
        sentence=sentence,
        whence=_whence(name, own, is_chosen=is_chosen),
        usual=usual if usual != words else "",
        is_given=is_given or is_chosen,
        href=url_for("thresholds.index") if on_page and not is_given else "",
    )


def _whence(name: str, own: Settings, *, is_chosen: bool) -> str:
    if name in own.given:
        return _("задано на сервере")
    if is_chosen:
        return _("изменено на странице")
    if name == "secret_key":
        return _("сделан при первом запуске, лежит в DATA_DIR")
    if (source := _INHERITED.get(name)) and getattr(own, source):
        return _("как %(name)s", name=source.upper())
    return _("по умолчанию")


def _default(setting: Field[Any], own: Settings) -> Any:
    metadata = setting.metadata
    return metadata["parse"](metadata["default"].format_map(vars(own)))


def _hidden(value: object) -> str:
    """All that a page says of a password or a key."""
    return _("задан") if value else _("не задан")


def _words(name: str, value: Any, reader: Reader) -> str:
    if value is None:
        return _("всегда") if name in _KEPT else _("выключено")
    if name.endswith("_limit"):
        return _limit(value, reader)
    if name.endswith("_mb"):
        return _("%(count)s МБ", count=value)
    if isinstance(value, bool):
        return _("да") if value else _("нет")
    if isinstance(value, timedelta):
        return str(reader.words.hours(value)) if name in _WORKING else _duration(value, reader)
    if isinstance(value, tuple):
        return _several(value)
    if words := _choices().get(name):
        return words[value]
    return _masked(str(value)) or _("не задано")


def _several(value: tuple[Any, ...]) -> str:
    match value:
        case (str() as host, int() as port):
            return f"{host}:{port}"
        case ():
            return _("нет")
        case _:
            return ", ".join(map(_masked, value))


def _choices() -> Mapping[str, Mapping[str, str]]:
    """Settings that take one of a few words."""
    return {
        "language": {"ru": _("русский"), "en": _("английский")},
        "log_format": {"text": _("строки"), "json": "JSON"},
        "page_complaints": hours_words(),
        "notice_taken": {"urgent": _("о срочных"), "all": _("обо всех"), "none": _("ни о каких")},
    }


def _masked(value: str) -> str:
    """A URL without who signs in with what."""
    return _QUERY.sub("?…", _CREDENTIALS.sub("***@", value)) if "://" in value else value


def _duration(value: timedelta, reader: Reader) -> str:
    seconds = round(value.total_seconds())
    if seconds % 60:
        rest = _("%(count)s с", count=seconds % 60)
        whole = timedelta(seconds=seconds - seconds % 60)
        return f"{reader.words.duration(whole, 3)} {rest}" if whole else rest
    return str(reader.words.duration(value, 3)) if seconds else _("сразу")


def _limit(value: str, reader: Reader) -> str:
    """«10 per 15 minutes» in words, several of them too."""
    try:
        parts = limits.parse_many(value)
    except ValueError:  # no start refuses it
        return value
    return ", ".join(
        _("%(most)s за %(time)s", most=one.amount, time=_duration(timedelta(seconds=one.get_expiry()), reader))
        for one in parts
    )

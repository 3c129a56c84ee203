"""What every application of a test process makes alike is made once: addresses, static files, compiled SQL, templates.

A process of the desk makes one application; a test process makes thousands, of the same code. Nothing is kept here
that depends on settings, on a database's content or on time.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import cache
from itertools import count
from types import CodeType
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from werkzeug.routing import Rule

from app.web import assets

_applications = count(1)
_firsts: dict[str, Engine] = {}  # of each kind of database


class _Address(Rule):
    """A rule that shares the functions which build its address with its namesakes in other applications."""

    _made: dict[object, Callable[..., tuple[str, str]]] = {}  # noqa: RUF012 -- shared on purpose

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        kinds = [(name, type(converter)) for name, converter in self._converters.items()]
        key = (self.rule, append_unknown, repr(self._trace), repr(self.defaults), tuple(kinds))
        if key not in self._made:
            self._made[key] = super()._compile_builder(append_unknown)
        return self._made[key]


class Templates(BytecodeCache):
    """Compiled templates by the digest of their source, kept as code."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code
        self._codes[bucket.key, bucket.checksum] = bucket.code


def share() -> None:
    """From now on the applications of this process share what they have alike."""
    Flask.url_rule_class = _Address
    assets._read = cache(assets._read)
    make: Callable[..., Engine] = SQLAlchemy._make_engine

    def made(self: SQLAlchemy, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        return _alike(make(self, bind_key, options, app))

    SQLAlchemy._make_engine = made  # type: ignore[method-assign]


def _alike(engine: Engine) -> Engine:
    """Keep compiled SQL from application to application: its keys name the dialect, so they share that as well."""
    kind = engine.dialect.name
    first = _firsts.setdefault(kind, engine)
    if first.dialect.server_version_info is None:  # it never was connected, so its dialect knows no server
        first = _firsts[kind] = engine
    engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
    return engine


def settle() -> None:
    """Modules, mappings and compiled SQL stay to the end: the collector need not go through them again and again.

    Called for each application, it looks what has come to stay after the first, the second, the fourth, the eighth …
    """
    number = next(_applications)
    if number & (number - 1) == 0:
        gc.collect()
        gc.freeze()

"""What a browser sends, before anything looks at it: no NUL in any field or address, no id that no row can have."""

from __future__ import annotations

from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import BaseConverter, IntegerConverter, Map

from app.rows import LARGEST_ID


class _Typed(ImmutableMultiDict[str, Any]):
    """No keyboard has a NUL, SQLite would store it and PostgreSQL refuse it: it is left out."""

    def __init__(self, mapping: Any = None) -> None:
        super().__init__(mapping)
        if any("\0" in name or "\0" in str(value) for name, value in self.items(multi=True)):
            clean = [(name.replace("\0", ""), _without(value)) for name, value in self.items(multi=True)]
            super().__init__(clean)


class Incoming(Request):
    """A request whose fields are what somebody can have typed."""

    parameter_storage_class = _Typed


class Id(IntegerConverter):
    """A number in an address: one that no database takes leads nowhere, as one of no row does."""

    def __init__(self, paths: Map) -> None:
        super().__init__(paths, max=LARGEST_ID)


class Word(BaseConverter):
    """A part of an address; none has a NUL."""

    regex = "[^/\\x00]+"


def _without(value: Any) -> Any:
    return value.replace("\0", "") if isinstance(value, str) else value

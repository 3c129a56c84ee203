"""Every text inside of what the parser hands out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def texts_of(value: Any) -> Iterator[str]:
    """Strings, however deep in dictionaries and lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner)

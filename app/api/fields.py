"""Field types of the API: clean text, durations, moments, words of a closed set."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, fields, validate

from app import durations
from app.environment import ADDRESS
from app.intake.mime.text import clean_line, clean_text


class Text(fields.String):
    """Text of several lines, without characters that break a database, a page or a letter."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        return clean_text(super()._deserialize(value, attr, data, **kwargs) or "").strip()


class Line(fields.String):
    """Text of one line."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        return clean_line(super()._deserialize(value, attr, data, **kwargs) or "")


class Address(Line):
    """An e-mail address, in lower case."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        address = super()._deserialize(value, attr, data, **kwargs).lower()
        if address and not ADDRESS.fullmatch(address):
            raise ValidationError(f"{address!r} is no e-mail address.")
        return address


class Length(fields.String):
    """A duration like 8h30m."""

    def _deserialize(  # type: ignore[override]  # read as text, kept as a duration
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> timedelta:
        try:
            return durations.parse(super()._deserialize(value, attr, data, **kwargs) or "")
        except ValueError as error:
            raise ValidationError(f"{error}.") from error


class Moment(fields.String):
    """A moment with its offset from UTC, like 2026-11-25T13:40:00Z."""

    def _deserialize(  # type: ignore[override]  # read as text, kept as a moment
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> datetime:
        try:
            return durations.parse_moment(super()._deserialize(value, attr, data, **kwargs) or "")
        except ValueError as error:
            raise ValidationError(f"{error}.") from error


def word(kind: type[StrEnum], *words: StrEnum, **more: Any) -> fields.String:
    """One of a closed set of words (all of the kind, or those named)."""
    return fields.String(validate=validate.OneOf([member.value for member in words or kind]), **more)

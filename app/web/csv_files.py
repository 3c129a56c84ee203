"""Files for a spreadsheet: utf-8 with its mark, semicolons, no cell a formula, sent while they are written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

from flask import Response, stream_with_context

from app import database
from app.config import settings

Row = Iterable[object]
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_AT_ONCE = 16_000  # characters


def answer(name: str, rows: Iterator[Row]) -> Response:
    """The file of that name (ASCII), one line a row."""
    response = Response(stream_with_context(_written(rows)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def moment(at: datetime | None) -> str:
    """As spreadsheets read it, by the desk's clock."""
    return at.astimezone(settings().time_zone).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def _written(rows: Iterator[Row]) -> Iterator[bytes]:
    database.set_reading(True)  # the request that said so is torn down before its answer is written
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    buffer.write("\ufeff")
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
        if buffer.tell() > _AT_ONCE:
            yield _taken(buffer)
    yield _taken(buffer)


def _harmless(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()

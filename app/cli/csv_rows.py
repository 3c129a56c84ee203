"""Reading a CSV file as offices make them: UTF-8 or Windows-1251, semicolons or commas, Russian or English headings."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.intake.mime.text import clean_text

_DELIMITERS = ";,\t"
_HEADINGS = {
    "название": "name", "имя": "name", "фио": "name", "заявитель": "name",
    "компания": "company", "организация": "company",
    "домены": "domains", "домен": "domains", "адрес уведомлений": "notice_email", "уведомления": "notify",
    "почта": "email", "e-mail": "email", "телефон": "phone", "номер": "number", "договор": "number",
    "начало": "valid_from", "действует с": "valid_from", "окончание": "valid_to", "действует до": "valid_to",
    "календарь": "calendar", "реакция": "reaction", "решение за": "solution", "срочные": "urgent_clock",
    "что": "what", "текст": "what", "тема": "title", "у кого": "whose", "где": "where", "ссылки": "links",
    "срочность": "urgency", "канал": "channel", "создана": "created_at", "состояние": "state", "решена": "solved_at",
    "решение": "solution", "прежний номер": "key",
}  # fmt: skip


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the message says why."""


@dataclass(frozen=True)
class Row:
    """One record; ``line`` is where it begins in the file."""

    line: int
    values: dict[str, str]


def read(path: Path, known: Mapping[str, object]) -> list[Row]:
    """The records of a file whose headings are among ``known``; empty lines are left out."""
    records = list(_records(_decoded(path)))
    if not records:
        raise UnreadableFile("The file is empty.")
    _line, heading = records[0]
    names = [_name(cell) for cell in heading]
    while names and not names[-1]:
        names.pop()
    unknown = [cell for cell, name in zip(heading, names, strict=False) if name not in known]
    if unknown:
        raise UnreadableFile(f"Unknown columns: {', '.join(map(repr, unknown))}. Known are {', '.join(known)}.")
    doubles = sorted({name for name in names if names.count(name) > 1})
    if doubles:
        raise UnreadableFile(f"Columns stand twice: {', '.join(doubles)}.")
    return [Row(line, _values(names, cells)) for line, cells in records[1:] if any(cell.strip() for cell in cells)]


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1251", errors="replace")


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(f"Line {line}: {error}.") from error


def _name(heading: str) -> str:
    name = " ".join(heading.lower().split())
    return _HEADINGS.get(name, name.replace(" ", "_"))


def _values(names: list[str], cells: list[str]) -> dict[str, str]:
    values = {name: clean_text(cell).strip() for name, cell in zip(names, cells, strict=False)}
    if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
        values[""] = "more cells than headings"
    return values

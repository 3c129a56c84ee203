"""Reading a CSV file as offices make them: UTF-8 or Windows-1251, semicolons or commas, Russian or English headings."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.intake.mime.text import clean_text
from app.translate import _, speaks_source

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
    "решение": "solution", "прежний номер": "key", "должность": "position", "важно знать": "notes",
    "контактное лицо": "is_contact", "срочную взять за": "urgent_take", "срочную решить за": "urgent_solve",
    "открыть заново в течение": "reopening_window", "не меньше": "reopening_minimum",
    "третья сторона останавливает срок": "stops_for_third_party",
}  # fmt: skip


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the message says why."""


@dataclass(frozen=True)
class Row:
    """One record; ``line`` is where it begins in the file."""

    line: int
    values: dict[str, str]


def read(
    content: bytes, known: Mapping[str, object], required: Collection[str], heading_of: Callable[[str], str]
) -> list[Row]:
    """The records of a file whose headings are among ``known``, the ``required`` ones too; empty lines are left out.

    ``heading_of``: a column's name for the reader.
    """
    records = list(_records(_decoded(content)))
    if not records:
        raise UnreadableFile(_("Файл пуст."))
    _line, heading = records[0]
    names = [_name(cell) for cell in heading]
    while names and not names[-1]:
        names.pop()
    _check_headings(heading, names, known, required, heading_of)
    return [Row(line, _values(names, cells)) for line, cells in records[1:] if any(cell.strip() for cell in cells)]


def russian_or_english(name: str) -> str:
    """A column's name for the reader: as a Russian file has it, or as an English one."""
    if not speaks_source():
        return name
    return next((russian for russian, english in _HEADINGS.items() if english == name), name)


def _check_headings(
    heading: Sequence[str],
    names: Sequence[str],
    known: Mapping[str, object],
    required: Collection[str],
    heading_of: Callable[[str], str],
) -> None:
    if unknown := [cell for cell, name in zip(heading, names, strict=False) if name not in known]:
        raise UnreadableFile(
            _(
                "Неизвестные столбцы: %(unknown)s. Известны: %(known)s.",
                unknown=", ".join(map(repr, unknown)),
                known=", ".join(map(heading_of, known)),
            )
        )
    if doubles := sorted({name for name in names if names.count(name) > 1}):
        raise UnreadableFile(_("Столбцы стоят дважды: %(names)s.", names=", ".join(map(heading_of, doubles))))
    if missing := [name for name in required if name not in names]:
        raise UnreadableFile(_("Не хватает столбцов: %(names)s.", names=", ".join(map(heading_of, missing))))


def _decoded(content: bytes) -> str:
    if content.startswith(b"PK\x03\x04"):
        raise UnreadableFile(_("Это книга Excel. Сохраните её как CSV и загрузите снова."))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # Excel calls it «текст Юникод»
        return content.decode("utf-16", errors="replace")
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
        raise UnreadableFile(_("Строка %(line)s: %(error)s.", line=line, error=error)) from error


def _name(heading: str) -> str:
    name = " ".join(heading.lower().split())
    return _HEADINGS.get(name, name.replace(" ", "_"))


def _values(names: list[str], cells: list[str]) -> dict[str, str]:
    values = {name: clean_text(cell).strip() for name, cell in zip(names, cells, strict=False)}
    if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
        values[""] = _("ячеек больше, чем столбцов")
    return values

"""The queue as its page shows it: rows in groups by deadline, worded for one reader, in two queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row as Columns

from app.columns import read_columns
from app.models.ticket import Ticket, stands_still
from app.models.words import State, Urgency
from app.reading.queue_pages import page_ids
from app.reading.queue_rows import Row, RowWording, hash_of, one_selected, selected
from app.reading.queue_selection import Selection
from app.reading.queue_views import PAGE, SOLVED_FOR, Cursor, View
from app.reading.reader import Reader


@dataclass(slots=True)
class Group:
    """Rows under one heading; ``is_cut``: the group goes on before or behind this page."""

    name: str
    label: str
    rows: list[Row] = field(default_factory=list)
    is_cut: bool = False
    note: str = ""


@dataclass(slots=True)
class Page:
    groups: list[Group]
    next_place: str
    labels: dict[str, str]  # of every group that may come, in their order

    @property
    def digest(self) -> str:
        joined = ",".join(f"{row.number}.{row.digest}" for group in self.groups for row in group.rows)
        return f"{hash_of(joined):x}"


def page(selection: Selection, reader: Reader, after: Cursor | None = None) -> Page:
    """One page of a selection: at most 50 rows, in groups, and the place from which the next page goes on."""
    ids = page_ids(selection, reader, after)
    found = {columns.id: columns for columns in _read(ids[:PAGE], reader)}
    wording = RowWording(selection, reader)
    groups: dict[str, Group] = {}
    last: Row | None = None
    for ticket_id in ids[:PAGE]:
        if ticket_id in found:
            last = wording.row(found[ticket_id])
            groups.setdefault(last.group, Group(last.group, wording.labels[last.group])).rows.append(last)
    listed = list(groups.values())
    has_more = len(ids) > PAGE
    if listed:
        listed[0].is_cut = after is not None
        listed[-1].is_cut = listed[-1].is_cut or has_more
        if listed[0].name == "untaken":
            listed[0].note = listed[0].rows[0].waits
    return Page(listed, last.place if last and has_more else "", wording.labels)


def row(number: str, selection: Selection, reader: Reader) -> Row | None:
    """The row of one request, or None when this selection does not show it."""
    columns = read_columns(one_selected(reader), {"number": number}).first()
    if columns is None or not selection.has(columns) or not _belongs(columns, selection.view, reader):
        return None
    return RowWording(selection, reader).row(columns)


def _read(ids: list[int], reader: Reader) -> list[Columns[Any]]:
    return list(read_columns(selected(reader).where(Ticket.id.in_(ids)))) if ids else []


def _belongs(columns: Columns[Any], view: View, reader: Reader) -> bool:
    """The conditions of a view for one row that was read already."""
    if view is View.SOLVED:
        return bool(columns.state is State.SOLVED and columns.touched_at >= reader.at - SOLVED_FOR)
    if columns.state in {State.SOLVED, State.CLOSED}:
        return False
    is_paused = stands_still(columns.urgency, columns.paused_at)
    belongs: dict[View, bool] = {
        View.MINE: columns.engineer_id == reader.staff_id,
        View.UNASSIGNED: columns.engineer_id is None,
        View.URGENT: columns.urgency is Urgency.URGENT,
        View.OVERDUE: bool(columns.due_at and columns.due_at < reader.at and not is_paused),
        View.WAITING: columns.state is State.WAITING,
    }
    return belongs.get(view, True)

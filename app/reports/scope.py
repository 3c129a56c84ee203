"""Which requests a report is about, and the moments that put one into a period."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, case, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.models.ticket import Ticket
from app.models.words import Channel
from app.reports.period import Period


class Dimension(StrEnum):
    """What requests are told apart by."""

    COMPANY = auto()
    ENGINEER = auto()
    CHANNEL = auto()
    CONTRACT = auto()


COLUMNS: dict[Dimension, Any] = {
    Dimension.COMPANY: Ticket.company_id,
    Dimension.ENGINEER: Ticket.engineer_id,
    Dimension.CHANNEL: Ticket.channel,
    Dimension.CONTRACT: Ticket.contract,
}


@dataclass(frozen=True, slots=True)
class Scope:
    """None: all. A company or engineer 0, a contract "": those without one."""

    company: int | None = None
    engineer: int | None = None
    channel: Channel | None = None
    contract: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        given = (
            (Ticket.company_id, self.company),
            (Ticket.engineer_id, self.engineer),
            (Ticket.channel, self.channel),
            (Ticket.contract, self.contract),
        )
        return [column == value if value else column.is_(None) for column, value in given if value is not None]


EVERYTHING = Scope()


def came(period: Period, scope: Scope) -> list[ColumnElement[bool]]:
    """Requests that came in the period."""
    return [Ticket.created_at >= period.start, Ticket.created_at < period.end, *scope.conditions()]


def done(period: Period, scope: Scope) -> list[ColumnElement[bool]]:
    """Requests whose solution that stands was given in the period."""
    return [Ticket.solved_at >= period.start, Ticket.solved_at < period.end, *scope.conditions()]


ANSWER_WORK: Any = Ticket.reaction_work  # seconds
SOLUTION_WORK: Any = Ticket.queue_work + Ticket.engineer_work + Ticket.third_party_work


class epoch(FunctionElement[int]):  # noqa: N801  a function of SQL
    """Whole seconds since 1970 of a moment."""

    type = BigInteger()
    inherit_cache = True
    name = "epoch"


@compiles(epoch, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **kw)}) AS INTEGER)"


@compiles(epoch, "postgresql")
def _on_postgres(element: Any, compiler: Any, **kw: Any) -> str:
    return f"CAST(floor(extract(epoch FROM {compiler.process(element.clauses, **kw)})) AS BIGINT)"


def local_hour(column: Any, period: Period) -> Any:
    """Whole hours since 1970 that the clocks of the zone had counted."""
    (_start, first), *later = period.offsets()
    offset: Any = literal(first)
    if later:
        turns = [(column >= moment, seconds) for moment, seconds in reversed(later)]
        offset = case(*turns, else_=first)
    return (epoch(column) + offset) // 3600

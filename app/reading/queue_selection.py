"""What of the queue a reader looks at: a view, narrowed by engineer, company and channel, in an order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Row as Columns

from app.models.ticket import Ticket
from app.models.words import Channel
from app.reading.queue_views import View
from app.rows import typed_id

NOBODY = "none"


class Order(StrEnum):
    DUE = auto()
    NEWEST = auto()
    TOUCHED = auto()


@dataclass(frozen=True)
class Selection:
    """``engineer``: an id, NOBODY or "" for all; ``company``: an id or ""; ``channel``: its word or ""."""

    view: View = View.OPEN
    engineer: str = ""
    company: str = ""
    channel: str = ""
    order: Order = Order.DUE

    @classmethod
    def parse(cls, asked: Mapping[str, str]) -> Selection:
        """As the address says it; what is none of ours falls away."""
        engineer, order = asked.get("engineer", ""), asked.get("order", "")
        view = View(asked["view"]) if asked.get("view") in set(View) else View.OPEN
        return cls(
            view=view,
            engineer=engineer if engineer == NOBODY or typed_id(engineer) else "",
            company=asked.get("company", "") if typed_id(asked.get("company", "")) else "",
            channel=asked.get("channel", "") if asked.get("channel") in set(Channel) else "",
            order=Order(order) if order in set(Order) and view is not View.SOLVED else Order.DUE,
        )

    @property
    def arguments(self) -> dict[str, Any]:
        """For addresses: nothing that is as it is by default."""
        own = {"engineer": self.engineer, "company": self.company, "channel": self.channel}
        order = {} if self.order is Order.DUE else {"order": self.order.value}
        return {"view": self.view.value, **{name: value for name, value in own.items() if value}, **order}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.engineer or self.company or self.channel)

    @property
    def moment(self) -> Any:
        """What the rows are ordered by; all but the deadline with the latest first."""
        if self.view is View.SOLVED or self.order is Order.TOUCHED:
            return Ticket.touched_at
        return Ticket.created_at if self.order is Order.NEWEST else Ticket.due_at

    @property
    def is_by_due(self) -> bool:
        return self.view is not View.SOLVED and self.order is Order.DUE

    def conditions(self) -> list[ColumnElement[bool]]:
        """What narrows the view."""
        found: list[ColumnElement[bool]] = []
        if self.engineer:
            mine = Ticket.engineer_id.is_(None) if self.engineer == NOBODY else Ticket.engineer_id == int(self.engineer)
            found.append(mine)
        if self.company:
            found.append(Ticket.company_id == int(self.company))
        if self.channel:
            found.append(Ticket.channel == Channel(self.channel))
        return found

    def has(self, columns: Columns[Any]) -> bool:
        """The same for one row that was read already."""
        engineer = NOBODY if columns.engineer_id is None else str(columns.engineer_id)
        company = "" if columns.company_id is None else str(columns.company_id)
        pairs = ((self.engineer, engineer), (self.company, company), (self.channel, columns.channel.value))
        return all(wanted in {"", own} for wanted, own in pairs)

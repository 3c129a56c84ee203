"""The tables that bulk rows go into, their columns in the order of the rows, and one batch of them in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Row = tuple[Any, ...]

COLUMNS: dict[str, tuple[str, ...]] = {
    name: tuple(columns.split())
    for name, columns in {
        "tickets": (
            "id number version state is_active urgency channel holder language title what whose where links missing "
            "applicant_name applicant_email applicant_phone company_name person_id company_id is_company_confirmed "
            "is_address_confirmed engineer_id created_at touched_at taken_at reacted_at solved_at closed_at "
            "reopened_count rating due_at alarms intake_key link_version "
            "contract reaction_work queue_work engineer_work third_party_work customer_work is_measured"
        ),
        "messages": "id ticket_id kind channel author staff_id person_id text quoted flags at visible_at",
        "events": "id ticket_id kind at actor_kind actor_name staff_id channel message_id data",
        "promises": (
            "id ticket_id kind due_at stated_at basis why why_public provisional reason near_at superseded_at "
            "superseded_by_id kept judged_at urgency"
        ),
        "holdings": "id ticket_id holder started_at ended_at",
        "deliveries": (
            "id event_id ticket_id notice channel recipient is_for_customer state message_id created_at attempts "
            "tried_at accepted_at closing_at is_escalated error"
        ),
        "escalations": (
            "id ticket_id cause subject text opened_at acknowledged_at acknowledged_by_id note resolved_at resolution"
        ),
        "ratings": "id ticket_id solution_id engineer_id value comment channel at",
    }.items()
}


@dataclass
class Batch:
    """Rows to come, by table; ids go on from the last ones of the database."""

    next_ids: dict[str, int]
    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in COLUMNS})

    def add(self, table: str, *values: Any) -> int:
        """Add a row (its values without the id) and return the id that it gets."""
        row_id = self.next_ids[table]
        self.next_ids[table] = row_id + 1
        self.rows[table].append((row_id, *values))
        return row_id

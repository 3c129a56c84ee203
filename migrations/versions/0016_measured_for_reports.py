"""measured for reports

Revision ID: 0016
Revises: 0015
Create Date: 2026-11-25 22:05:00.000000

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

WORK = ("reaction_work", "queue_work", "engineer_work", "third_party_work", "customer_work")
INDEXES = (
    (
        "ix_tickets_came",
        "tickets",
        ["created_at", "company_id", "engineer_id", "channel", "contract", "reaction_work", "urgency"],
        None,
    ),
    (
        "ix_tickets_done",
        "tickets",
        [
            *("solved_at", "company_id", "engineer_id", "channel", "contract", "queue_work", "engineer_work"),
            *("third_party_work", "customer_work", "reopened_count", "urgency"),
        ],
        "solved_at IS NOT NULL",
    ),
    ("ix_tickets_unmeasured", "tickets", ["id"], "is_measured IS FALSE"),
    (
        "ix_promises_judged",
        "promises",
        ["due_at", "kind", "urgency", "kept", "ticket_id"],
        "kept IS NOT NULL",
    ),
    ("ix_promises_judged_at", "promises", ["judged_at", "kind", "kept"], "kept IS NOT NULL"),
    (
        "ix_promises_open",
        "promises",
        ["due_at", "kind", "near_at", "ticket_id"],
        "kept IS NULL AND superseded_at IS NULL",
    ),
)


def upgrade():
    urgency = sa.Enum("normal", "urgent", name="urgency", native_enum=False, length=24)
    op.add_column("promises", sa.Column("urgency", urgency, server_default="normal", nullable=False))
    op.execute("UPDATE promises SET urgency = 'urgent' WHERE basis ->> 'urgency' = 'urgent'")
    op.add_column("tickets", sa.Column("contract", sa.String(length=60), nullable=True))
    for name in WORK:
        op.add_column("tickets", sa.Column(name, sa.Integer(), nullable=True))
    op.add_column("tickets", sa.Column("is_measured", sa.Boolean(), server_default=sa.false(), nullable=False))
    for name, table, columns, where in INDEXES:
        condition = sa.text(where) if where else None
        op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def downgrade():
    for name, table, _columns, _where in reversed(INDEXES):
        op.drop_index(name, table_name=table)
    for name in ("is_measured", *reversed(WORK), "contract"):
        op.drop_column("tickets", name)
    op.drop_column("promises", "urgency")

"""a third party stops the clock where a contract says so

Revision ID: 0019
Revises: 0018
Create Date: 2026-11-25 22:08:00.000000

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ACTIVE = sa.text("is_active IS TRUE")
COLUMNS = ["due_at", "id", "state", "urgency", "engineer_id"]


def upgrade():
    with op.batch_alter_table("contracts") as batch_op:
        batch_op.add_column(sa.Column("stops_for_third_party", sa.Boolean(), server_default=sa.false(), nullable=False))
    _index([*COLUMNS, "paused_at"])


def downgrade():
    _index(COLUMNS)
    with op.batch_alter_table("contracts") as batch_op:
        batch_op.drop_column("stops_for_third_party")


def _index(columns):
    """What the queue orders and counts by: whether a clock stands still is among it."""
    op.drop_index("ix_tickets_active_due", table_name="tickets")
    op.create_index("ix_tickets_active_due", "tickets", columns, sqlite_where=ACTIVE, postgresql_where=ACTIVE)

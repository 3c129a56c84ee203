"""A complaint about another engineer of the same request is before the manager in a row of its own.

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

OPEN = "resolved_at IS NULL AND ticket_id IS NOT NULL"
OF_NOBODY = f"{OPEN} AND about_id IS NULL"
ABOUT = f"{OPEN} AND about_id IS NOT NULL"
# One row a request and cause can stand open again: of several the oldest goes on, the others are over.
YOUNGER = """
    UPDATE escalations SET resolved_at = CURRENT_TIMESTAMP, resolution = 'Объединена с более ранней.'
    WHERE resolved_at IS NULL AND ticket_id IS NOT NULL AND id > (
        SELECT MIN(other.id) FROM escalations AS other
        WHERE other.ticket_id = escalations.ticket_id AND other.cause = escalations.cause AND other.resolved_at IS NULL
    )
"""


def upgrade():
    op.drop_index("uq_escalations_open", table_name="escalations")
    _unique("uq_escalations_open", ["ticket_id", "cause"], OF_NOBODY)
    _unique("uq_escalations_open_about", ["ticket_id", "cause", "about_id"], ABOUT)


def downgrade():
    op.drop_index("uq_escalations_open_about", table_name="escalations")
    op.drop_index("uq_escalations_open", table_name="escalations")
    op.execute(YOUNGER)
    _unique("uq_escalations_open", ["ticket_id", "cause"], OPEN)


def _unique(name, columns, where):
    op.create_index(
        name, "escalations", columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )

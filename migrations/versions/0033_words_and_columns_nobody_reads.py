"""One word for putting an escalation back, no column that nobody reads, no letter that nobody words any more.

Revision ID: 0033
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0031"
branch_labels = None
depends_on = None

PUT_BACK = "UPDATE escalation_acts SET kind = 'put_back' WHERE kind = 'returned'"
RETURNED = "UPDATE escalation_acts SET kind = 'returned' WHERE kind = 'put_back'"
# A complaint's own letters took its place; one that still waited cannot leave.
NO_SUCH_LETTER = """
    UPDATE deliveries SET state = 'failed', error = 'this letter is not written any more'
    WHERE notice = 'complained' AND state IN ('waiting', 'sent')
"""


def upgrade():
    op.execute(PUT_BACK)
    op.execute(NO_SUCH_LETTER)
    op.drop_column("tickets", "search_text")  # SQLite can do this since 3.35: no table is made anew


def downgrade():
    op.add_column("tickets", sa.Column("search_text", sa.Text(), nullable=False, server_default=""))
    op.execute(RETURNED)

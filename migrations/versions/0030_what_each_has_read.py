"""What each member of staff has read of a request.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

# Until now a row was bold for everybody while its customer waited for a word; all else begins as read.
UNREAD = """
    UPDATE tickets SET word_id = (
        SELECT max(messages.id) FROM messages
        WHERE messages.ticket_id = tickets.id AND messages.kind IN ('request', 'answer')
    ) WHERE is_active IS TRUE AND (answered_at IS NOT NULL OR state = 'new')
"""


def upgrade():
    op.create_table(
        "read_marks",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("seen_id", sa.Integer(), server_default="0", nullable=False),
        sa.Column("called_id", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_read_marks_staff_id_staff")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_read_marks_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("ticket_id", "staff_id", name=op.f("pk_read_marks")),
    )
    op.add_column("tickets", sa.Column("word_id", sa.Integer(), nullable=True))
    op.execute(UNREAD)


def downgrade():
    op.drop_column("tickets", "word_id")
    op.drop_table("read_marks")

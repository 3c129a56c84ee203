"""What staff were writing on a request.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "reply_drafts",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_reply_drafts_staff_id_staff")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_reply_drafts_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("ticket_id", "staff_id", name=op.f("pk_reply_drafts")),
    )
    op.create_index("ix_reply_drafts_saved", "reply_drafts", ["saved_at"])


def downgrade():
    op.drop_index("ix_reply_drafts_saved", "reply_drafts")
    op.drop_table("reply_drafts")

"""Calls that are being written down.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "call_drafts",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_call_drafts_staff_id_staff")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_call_drafts")),
        sa.UniqueConstraint("number", name=op.f("uq_call_drafts_number")),
    )
    op.create_index("ix_call_drafts_staff_saved", "call_drafts", ["staff_id", "saved_at"])
    op.create_index("ix_call_drafts_saved", "call_drafts", ["saved_at"])


def downgrade():
    op.drop_table("call_drafts")

"""which message of a chat an update brings or edits, how many files it brought; letters that were erased

Revision ID: 0020
Revises: 0019
Create Date: 2026-11-25 22:15:00.000000

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KEPT = {
    "ix_letters_no_request": "erased_at IS NULL AND ticket_id IS NULL",
    "ix_letters_of_request": "erased_at IS NULL AND ticket_id IS NOT NULL",
}


def upgrade():
    with op.batch_alter_table("bot_updates") as batch_op:
        batch_op.add_column(sa.Column("message_id", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("files", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_index("ix_bot_updates_message", ["chat_id", "message_id"], unique=False)
    with op.batch_alter_table("letters") as batch_op:
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    for name, where in KEPT.items():
        condition = sa.text(where)
        op.create_index(name, "letters", ["received_at"], sqlite_where=condition, postgresql_where=condition)


def downgrade():
    for name in KEPT:
        op.drop_index(name, table_name="letters")
    with op.batch_alter_table("letters") as batch_op:
        batch_op.drop_column("erased_at")
    with op.batch_alter_table("bot_updates") as batch_op:
        batch_op.drop_index("ix_bot_updates_message")
        batch_op.drop_column("files")
        batch_op.drop_column("message_id")

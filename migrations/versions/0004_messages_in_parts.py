"""messages in parts

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-25 18:32:00.000000

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_OWED = sa.text("next_attempt_at IS NOT NULL")


def upgrade():
    with op.batch_alter_table("bot_messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parts_sent", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_index(
            "ix_bot_messages_owed", ["chat_id", "id"], unique=False, sqlite_where=_OWED, postgresql_where=_OWED
        )


def downgrade():
    with op.batch_alter_table("bot_messages", schema=None) as batch_op:
        batch_op.drop_index("ix_bot_messages_owed", sqlite_where=_OWED, postgresql_where=_OWED)
        batch_op.drop_column("parts_sent")

"""why a third party holds

Revision ID: 0012
Revises: 0011
Create Date: 2026-11-25 20:05:00.000000

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("holdings") as batch_op:
        batch_op.add_column(sa.Column("reason", sa.String(length=500), server_default="", nullable=False))
        batch_op.add_column(sa.Column("look_again_at", sa.DateTime(timezone=True), nullable=True))


def downgrade():
    with op.batch_alter_table("holdings") as batch_op:
        batch_op.drop_column("look_again_at")
        batch_op.drop_column("reason")

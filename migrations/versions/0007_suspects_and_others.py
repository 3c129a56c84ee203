"""suspects, and who else a letter names

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-25 19:22:00.000000

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("letters", sa.Column("others", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("tickets", sa.Column("is_suspect", sa.Boolean(), server_default="0", nullable=False))
    where = sa.text("notice = 'registered'")
    op.create_index("ix_deliveries_registered", "deliveries", ["tried_at"], sqlite_where=where, postgresql_where=where)


def downgrade():
    op.drop_index("ix_deliveries_registered", "deliveries")
    op.drop_column("tickets", "is_suspect")
    op.drop_column("letters", "others")

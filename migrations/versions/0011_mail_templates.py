"""letters in the manager's own words

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-25 20:00:00.000000

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "mail_templates",
        sa.Column("notice", sa.String(length=24), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["updated_by_id"], ["staff.id"], name=op.f("fk_mail_templates_updated_by_id_staff")),
        sa.PrimaryKeyConstraint("notice", "language", name=op.f("pk_mail_templates")),
    )


def downgrade():
    op.drop_table("mail_templates")

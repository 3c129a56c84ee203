"""Who made and who revoked a program's token, by which form, and when it was last used.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("tokens") as batch_op:
        batch_op.add_column(sa.Column("created_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("form_key", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("used_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("revoked_by_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_tokens_form_key"), ["form_key"], unique=True)
        batch_op.create_foreign_key(batch_op.f("fk_tokens_created_by_id_staff"), "staff", ["created_by_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_tokens_revoked_by_id_staff"), "staff", ["revoked_by_id"], ["id"])


def downgrade():
    with op.batch_alter_table("tokens") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_tokens_revoked_by_id_staff"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_tokens_created_by_id_staff"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_tokens_form_key"))
        batch_op.drop_column("revoked_by_id")
        batch_op.drop_column("used_at")
        batch_op.drop_column("form_key")
        batch_op.drop_column("created_by_id")

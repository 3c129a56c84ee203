"""What became of each request of an act on several is a row, written with its change; the act comes before them.

Acts of before go: they could be undone for ten minutes.

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

UNTIL_UNDONE = sa.text("undoing_at IS NULL")


def upgrade():
    op.execute("DELETE FROM bulk_acts")
    with op.batch_alter_table("bulk_acts") as batch_op:
        batch_op.drop_column("rows")
        batch_op.add_column(sa.Column("numbers", sa.JSON(), nullable=False))
        batch_op.add_column(sa.Column("wanted", sa.JSON(), nullable=False))
        batch_op.add_column(sa.Column("press", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("undoing_at", sa.DateTime(timezone=True), nullable=True))
    where = {"sqlite_where": UNTIL_UNDONE, "postgresql_where": UNTIL_UNDONE}
    op.create_index("ix_bulk_acts_press", "bulk_acts", ["press"], unique=True, **where)
    op.create_table(
        "bulk_rows",
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["act_id"], ["bulk_acts.id"], name=op.f("fk_bulk_rows_act_id_bulk_acts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("act_id", "number", name=op.f("pk_bulk_rows")),
    )


def downgrade():
    op.drop_table("bulk_rows")
    op.execute("DELETE FROM bulk_acts")
    op.drop_index("ix_bulk_acts_press", table_name="bulk_acts")
    with op.batch_alter_table("bulk_acts") as batch_op:
        batch_op.drop_column("undoing_at")
        batch_op.drop_column("ended_at")
        batch_op.drop_column("press")
        batch_op.drop_column("wanted")
        batch_op.drop_column("numbers")
        batch_op.add_column(sa.Column("rows", sa.JSON(), nullable=False))

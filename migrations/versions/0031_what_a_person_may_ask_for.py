"""A person's data given out and erased, and the indexes by which it is found.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

UNFINISHED = {"sqlite_where": sa.text("ended_at IS NULL"), "postgresql_where": sa.text("ended_at IS NULL")}
PARTIAL = (
    ("ix_messages_person", "messages", ["person_id", "ticket_id"], "person_id IS NOT NULL"),
    ("ix_people_merged", "people", ["merged_into_id"], "merged_into_id IS NOT NULL"),
    ("ix_complaints_person", "complaints", ["person_id"], "person_id IS NOT NULL"),
    ("ix_complaints_chat", "complaints", ["chat_id"], "chat_id IS NOT NULL"),
)


def upgrade():
    for table in ("tickets", "people"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    for name, table, columns, where in PARTIAL:
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_index("ix_letters_from", "letters", ["from_email", "id"])
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("is_with_open", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("whose", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_erasures_person_id_people")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_erasures_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index(op.f("ix_erasures_person_id"), "erasures", ["person_id"])
    op.create_index("uq_erasures_running", "erasures", ["person_id"], unique=True, **UNFINISHED)
    op.create_index("ix_erasures_unfinished", "erasures", ["id"], **UNFINISHED)
    op.create_table(
        "person_exports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_exports_person_id_people")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_person_exports_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_exports")),
    )
    op.create_index(op.f("ix_person_exports_person_id"), "person_exports", ["person_id"])
    op.create_index(op.f("ix_person_exports_asked_at"), "person_exports", ["asked_at"])
    op.create_index("ix_person_exports_unfinished", "person_exports", ["id"], **UNFINISHED)


def downgrade():
    op.drop_table("person_exports")
    op.drop_table("erasures")
    op.drop_index("ix_letters_from", table_name="letters")
    for name, table, _columns, _where in reversed(PARTIAL):
        op.drop_index(name, table_name=table)
    for table in ("people", "tickets"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("erased_at")

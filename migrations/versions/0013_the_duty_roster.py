"""the duty roster

Revision ID: 0013
Revises: 0012
Create Date: 2026-11-25 21:56:18.164223

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "duty_absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_duty_absences_end")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_duty_absences_staff_id_staff")),
        sa.ForeignKeyConstraint(["substitute_id"], ["staff.id"], name=op.f("fk_duty_absences_substitute_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_absences")),
    )
    with op.batch_alter_table("duty_absences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_absences_ends_at"), ["ends_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_duty_absences_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "duty_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "given",
                "changed",
                "removed",
                "swapped",
                "repeated",
                "absent",
                "returned",
                name="dutychangekind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_duty_changes_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_changes")),
    )
    op.create_table(
        "duty_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["staff.id"], name=op.f("fk_duty_notes_author_id_staff")),
        sa.ForeignKeyConstraint(["read_by_id"], ["staff.id"], name=op.f("fk_duty_notes_read_by_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_notes")),
    )
    with op.batch_alter_table("duty_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_notes_at"), ["at"], unique=False)

    op.create_table(
        "duty_shifts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Enum("owner", "next", name="dutyrole", native_enum=False, length=24), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_duty_shifts_end")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_duty_shifts_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_shifts")),
    )
    with op.batch_alter_table("duty_shifts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_shifts_ends_at"), ["ends_at"], unique=False)
        batch_op.create_index("ix_duty_shifts_role", ["role", "starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_duty_shifts_staff_id"), ["staff_id"], unique=False)


def downgrade():
    with op.batch_alter_table("duty_shifts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_shifts_staff_id"))
        batch_op.drop_index("ix_duty_shifts_role")
        batch_op.drop_index(batch_op.f("ix_duty_shifts_ends_at"))

    op.drop_table("duty_shifts")
    with op.batch_alter_table("duty_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_notes_at"))

    op.drop_table("duty_notes")
    op.drop_table("duty_changes")
    with op.batch_alter_table("duty_absences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_absences_staff_id"))
        batch_op.drop_index(batch_op.f("ix_duty_absences_ends_at"))

    op.drop_table("duty_absences")

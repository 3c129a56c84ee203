"""escalations are watched for a while

Revision ID: 0014
Revises: 0013
Create Date: 2026-11-25 21:57:18.679287

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "threshold_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_threshold_changes_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threshold_changes")),
    )
    with op.batch_alter_table("threshold_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_threshold_changes_name"), ["name"], unique=False)

    op.create_table(
        "escalation_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "acknowledged",
                "returned",
                "taken",
                "assigned",
                "called",
                "resolved",
                name="handling",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalations.id"], name=op.f("fk_escalation_acts_escalation_id_escalations")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_escalation_acts_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_acts")),
    )
    with op.batch_alter_table("escalation_acts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_escalation_acts_escalation_id"), ["escalation_id"], unique=False)

    with op.batch_alter_table("escalations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("watched_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("watched_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("watched_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("resolved_by_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            "ix_escalations_log",
            ["resolved_at", "id"],
            unique=False,
            sqlite_where=sa.text("resolved_at IS NOT NULL"),
            postgresql_where=sa.text("resolved_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_escalations_log_cause",
            ["cause", "resolved_at", "id"],
            unique=False,
            sqlite_where=sa.text("resolved_at IS NOT NULL"),
            postgresql_where=sa.text("resolved_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_escalations_seen",
            ["acknowledged_at"],
            unique=False,
            sqlite_where=sa.text("acknowledged_at IS NOT NULL"),
            postgresql_where=sa.text("acknowledged_at IS NOT NULL"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_escalations_watched_by_id_staff"), "staff", ["watched_by_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_escalations_about_id_staff"), "staff", ["about_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_escalations_resolved_by_id_staff"), "staff", ["resolved_by_id"], ["id"]
        )
    # What was acknowledged before had no end; it waits again, with who watched it.
    op.execute("UPDATE escalations SET watched_since = acknowledged_at, watched_by_id = acknowledged_by_id")


def downgrade():
    with op.batch_alter_table("escalations", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_escalations_resolved_by_id_staff"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_escalations_about_id_staff"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_escalations_watched_by_id_staff"), type_="foreignkey")
        batch_op.drop_index(
            "ix_escalations_seen",
            sqlite_where=sa.text("acknowledged_at IS NOT NULL"),
            postgresql_where=sa.text("acknowledged_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_escalations_log_cause",
            sqlite_where=sa.text("resolved_at IS NOT NULL"),
            postgresql_where=sa.text("resolved_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_escalations_log",
            sqlite_where=sa.text("resolved_at IS NOT NULL"),
            postgresql_where=sa.text("resolved_at IS NOT NULL"),
        )
        batch_op.drop_column("resolved_by_id")
        batch_op.drop_column("watched_by_id")
        batch_op.drop_column("watched_until")
        batch_op.drop_column("watched_since")
        batch_op.drop_column("about_id")

    with op.batch_alter_table("escalation_acts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_escalation_acts_escalation_id"))

    op.drop_table("escalation_acts")
    with op.batch_alter_table("threshold_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_threshold_changes_name"))

    op.drop_table("threshold_changes")

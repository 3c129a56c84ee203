"""versions of calendars

Revision ID: 0010
Revises: 0009
Create Date: 2026-11-25 19:52:00.000000

"""

import json
from pathlib import Path

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "calendar_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calendar", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("spec", sa.JSON(), nullable=False),
        sa.Column("production", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "shipped",
                "made",
                "week",
                "days",
                "imported",
                "restored",
                "decreed",
                name="calendarchange",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["calendar"],
            ["calendars.name"],
            name=op.f("fk_calendar_versions_calendar_calendars"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_calendar_versions_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_versions")),
        sa.UniqueConstraint("calendar", "version", name="uq_calendar_versions_calendar"),
    )
    with op.batch_alter_table("calendars", schema=None) as batch_op:
        batch_op.add_column(sa.Column("production", sa.Text(), server_default="", nullable=False))
    _keep_what_there_is()


def _keep_what_there_is():
    """Calendars keep the years of the production calendar from now on, and their present form as a version."""
    calendars = sa.table(
        "calendars",
        sa.column("name", sa.String),
        sa.column("spec", sa.JSON),
        sa.column("production", sa.Text),
        sa.column("version", sa.Integer),
        sa.column("updated_at", sa.DateTime(timezone=True)),
    )
    versions = sa.table(
        "calendar_versions",
        sa.column("calendar", sa.String),
        sa.column("version", sa.Integer),
        sa.column("spec", sa.JSON),
        sa.column("production", sa.Text),
        sa.column("kind", sa.String),
        sa.column("data", sa.JSON),
        sa.column("at", sa.DateTime(timezone=True)),
        sa.column("actor_name", sa.String),
    )
    file = Path(__file__).parents[2] / "app" / "data" / "production_calendar_ru.json"
    known = json.loads(file.read_text(encoding="utf-8"))["years"]
    dates = ("days_off", "working_weekend_days", "short_days")
    years = {
        year: {"decree": data["decree"]} | {key: sorted(data[key]) for key in dates} for year, data in known.items()
    }
    kept = json.dumps(years, ensure_ascii=False, sort_keys=True)
    connection = op.get_bind()
    for row in connection.execute(sa.select(calendars)).all():
        production = kept if row.spec.get("production_calendar") == "RU" else ""
        connection.execute(calendars.update().where(calendars.c.name == row.name).values(production=production))
        version = {
            "calendar": row.name,
            "version": row.version,
            "spec": row.spec,
            "production": production,
            "kind": "shipped",
            "data": {},
            "at": row.updated_at,
            "actor_name": "HelpDesk",
        }
        connection.execute(versions.insert().values(**version))


def downgrade():
    with op.batch_alter_table("calendars", schema=None) as batch_op:
        batch_op.drop_column("production")
    op.drop_table("calendar_versions")

"""complaints are cases

Revision ID: 0015
Revises: 0014
Create Date: 2026-11-25 22:00:39.838538

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


# A change of mind was a row beside the earlier one already; now the earlier one says so.
ONE_RATING_A_SOLUTION = (
    """
    UPDATE ratings SET superseded_at = (
        SELECT MIN(later.at) FROM ratings AS later
        WHERE later.ticket_id = ratings.ticket_id AND later.solution_id = ratings.solution_id AND later.id > ratings.id
    )
    WHERE solution_id IS NOT NULL
    """,
)
# Complaints were escalations with a text: each becomes a case, named after the engineer who has the request.
COMPLAINTS_OF_BEFORE = (
    """
    UPDATE escalations SET about_id = (SELECT engineer_id FROM tickets WHERE tickets.id = escalations.ticket_id)
    WHERE cause IN ('complaint', 'low_rating') AND ticket_id IS NOT NULL AND about_id IS NULL
    """,
    """
    INSERT INTO complaints (version, ticket_id, about_id, escalation_id, origin, state, title, name, email, phone,
                            language, person_id, is_confirmed, opened_at, due_at, closed_at, outcome)
    SELECT 1, e.ticket_id, t.engineer_id, e.id,
           CASE WHEN e.cause = 'complaint' THEN 'customer' ELSE 'rating' END,
           CASE WHEN e.resolved_at IS NULL THEN 'open' ELSE 'closed' END,
           SUBSTR(e.text, 1, 250), t.applicant_name, t.applicant_email, t.applicant_phone, t.language, t.person_id,
           t.is_address_confirmed, e.opened_at, {a_day_later}, e.resolved_at, ''
    FROM escalations AS e JOIN tickets AS t ON t.id = e.ticket_id
    WHERE e.cause IN ('complaint', 'low_rating') ORDER BY e.id
    """,
    """
    INSERT INTO complaint_entries (complaint_id, kind, at, author, text, data)
    SELECT c.id, 'said', e.opened_at, c.name, e.text, '{}'
    FROM complaints AS c JOIN escalations AS e ON e.id = c.escalation_id ORDER BY c.id
    """,
    """
    INSERT INTO complaint_entries (complaint_id, kind, at, author, staff_id, text, data)
    SELECT c.id, 'noted', e.acknowledged_at, COALESCE(s.name, ''), s.id, e.note, '{}'
    FROM complaints AS c JOIN escalations AS e ON e.id = c.escalation_id
    LEFT JOIN staff AS s ON s.id = e.acknowledged_by_id
    WHERE e.acknowledged_at IS NOT NULL AND e.note <> '' ORDER BY c.id
    """,
    """
    INSERT INTO complaint_entries (complaint_id, kind, at, author, text, data)
    SELECT c.id, 'closed', e.resolved_at, '', e.resolution, '{}'
    FROM complaints AS c JOIN escalations AS e ON e.id = c.escalation_id
    WHERE e.resolved_at IS NOT NULL ORDER BY c.id
    """,
    """
    UPDATE ratings SET complaint_id = (
        SELECT MAX(id) FROM complaints WHERE complaints.ticket_id = ratings.ticket_id AND complaints.origin = 'rating'
    )
    WHERE value <= 2
    """,
)
A_DAY_LATER = {"sqlite": "DATETIME(e.opened_at, '+1 day')", "postgresql": "e.opened_at + INTERVAL '1 day'"}


def upgrade():
    op.create_table(
        "complaints",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("escalation_id", sa.Integer(), nullable=True),
        sa.Column(
            "origin",
            sa.Enum(
                "customer",
                "call",
                "rating",
                "reopening",
                "letter",
                "phone",
                name="complaintorigin",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("open", "answered", "closed", name="complaintstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=250), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("is_confirmed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["about_id"], ["staff.id"], name=op.f("fk_complaints_about_id_staff")),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_complaints_chat_id_chats")),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalations.id"], name=op.f("fk_complaints_escalation_id_escalations")
        ),
        sa.ForeignKeyConstraint(["manager_id"], ["staff.id"], name=op.f("fk_complaints_manager_id_staff")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_complaints_person_id_people")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_complaints_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
    )
    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaints_about_id"), ["about_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaints_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaints_escalation_id"), ["escalation_id"], unique=False)
        batch_op.create_index(
            "ix_complaints_open",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.create_index("ix_complaints_opened", ["opened_at"], unique=False)
        batch_op.create_index("ix_complaints_ticket", ["ticket_id", "id"], unique=False)

    op.create_table(
        "complaint_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "said",
                "written",
                "noted",
                "outcome",
                "assigned",
                "reopened",
                "closed",
                "reminded",
                name="complaintentrykind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum("web", "email", "phone", "telegram", "api", name="channel", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("bot_message_id", sa.Integer(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("intake_key", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(
            ["bot_message_id"], ["bot_messages.id"], name=op.f("fk_complaint_entries_bot_message_id_bot_messages")
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_entries_complaint_id_complaints")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_complaint_entries_delivery_id_deliveries")
        ),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_complaint_entries_letter_id_letters")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_complaint_entries_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_entries")),
        sa.UniqueConstraint("intake_key", name=op.f("uq_complaint_entries_intake_key")),
    )
    with op.batch_alter_table("complaint_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_entries_complaint_id"), ["complaint_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_entries_delivery_id"), ["delivery_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_entries_letter_id"), ["letter_id"], unique=False)

    op.create_table(
        "complaint_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=150), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("storage_id", sa.String(length=40), nullable=False),
        sa.Column("is_infected", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_files_complaint_id_complaints")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["complaint_entries.id"], name=op.f("fk_complaint_files_entry_id_complaint_entries")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_files")),
    )
    with op.batch_alter_table("complaint_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaint_files_complaint_id"), ["complaint_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_files_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaint_files_storage_id"), ["storage_id"], unique=False)

    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("firm_contacts", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("client_contacts", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("complaint_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_ratings_complaint_id_complaints"), "complaints", ["complaint_id"], ["id"]
        )
    for statement in (*ONE_RATING_A_SOLUTION, *COMPLAINTS_OF_BEFORE):
        op.execute(statement.replace("{a_day_later}", A_DAY_LATER[op.get_bind().dialect.name]))
    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ratings_at",
            ["at", "value"],
            unique=False,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_index("ix_ratings_engineer", ["engineer_id", "at"], unique=False)
        batch_op.create_index(
            "uq_ratings_standing",
            ["solution_id"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )


def downgrade():
    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_ratings_complaint_id_complaints"), type_="foreignkey")
        batch_op.drop_index(
            "uq_ratings_standing",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index("ix_ratings_engineer")
        batch_op.drop_index(
            "ix_ratings_at",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_column("complaint_id")
        batch_op.drop_column("superseded_at")

    with op.batch_alter_table("contracts", schema=None) as batch_op:
        batch_op.drop_column("client_contacts")
        batch_op.drop_column("firm_contacts")

    with op.batch_alter_table("complaint_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_files_storage_id"))
        batch_op.drop_index(batch_op.f("ix_complaint_files_entry_id"))
        batch_op.drop_index(batch_op.f("ix_complaint_files_complaint_id"))

    op.drop_table("complaint_files")
    with op.batch_alter_table("complaint_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_entries_letter_id"))
        batch_op.drop_index(batch_op.f("ix_complaint_entries_delivery_id"))
        batch_op.drop_index(batch_op.f("ix_complaint_entries_complaint_id"))

    op.drop_table("complaint_entries")
    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.drop_index("ix_complaints_ticket")
        batch_op.drop_index("ix_complaints_opened")
        batch_op.drop_index(
            "ix_complaints_open", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )
        batch_op.drop_index(batch_op.f("ix_complaints_escalation_id"))
        batch_op.drop_index(batch_op.f("ix_complaints_email"))
        batch_op.drop_index(batch_op.f("ix_complaints_about_id"))

    op.drop_table("complaints")

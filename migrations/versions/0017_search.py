"""search

Revision ID: 0017
Revises: 0016
Create Date: 2026-11-25 22:15:00.000000

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# The index of SQLite reads the words from their table; its triggers keep it in step (FTS5, «External Content Tables»).
# Each word stands once and parted by spaces, so that positions need not be kept and ASCII's rules of parting do.
ON_SQLITE = (
    """
    CREATE VIRTUAL TABLE search_index USING fts5(
        words, content='search_documents', content_rowid='ticket_id', detail=none, tokenize="ascii tokenchars '_'"
    )
    """,
    """
    CREATE TRIGGER search_documents_made AFTER INSERT ON search_documents BEGIN
        INSERT INTO search_index(rowid, words) VALUES (new.ticket_id, new.words);
    END
    """,
    """
    CREATE TRIGGER search_documents_gone AFTER DELETE ON search_documents BEGIN
        INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', old.ticket_id, old.words);
    END
    """,
    """
    CREATE TRIGGER search_documents_changed AFTER UPDATE OF words ON search_documents BEGIN
        INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', old.ticket_id, old.words);
        INSERT INTO search_index(rowid, words) VALUES (new.ticket_id, new.words);
    END
    """,
)
# Without a list of what is pending: a search would have to read it from end to end.
ON_POSTGRES = (
    """
    CREATE INDEX ix_search_documents_words ON search_documents
    USING gin (array_to_tsvector(string_to_array(words, ' '))) WITH (fastupdate = off)
    """,
)


def upgrade():
    op.create_table(
        "search_documents",
        sa.Column("ticket_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_search_documents_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_search_documents")),
    )
    op.create_table(
        "search_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_marks")),
    )
    op.create_table(
        "search_words",
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("lemma", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("word", "lemma", name=op.f("pk_search_words")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_words_lemma", "search_words", ["lemma", "word"])
    op.create_index("ix_tickets_created", "tickets", ["created_at", "id"])
    for statement in ON_SQLITE if op.get_bind().dialect.name == "sqlite" else ON_POSTGRES:
        op.execute(statement)
    op.execute("INSERT INTO search_marks (ticket_id) SELECT id FROM tickets ORDER BY id")  # the desk works them off


def downgrade():
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    op.drop_index("ix_tickets_created", "tickets")
    for table in ("search_words", "search_marks", "search_documents"):
        op.drop_table(table)

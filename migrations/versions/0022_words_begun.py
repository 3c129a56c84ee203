"""words begun

Revision ID: 0022
Revises: 0021
Create Date: 2026-11-25 22:35:00.000000

"""

from alembic import op

# revision identifiers, used by Alembic.
revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade():
    if op.get_bind().dialect.name == "postgresql":  # SQLite compares letter by letter anyway
        op.execute('CREATE INDEX ix_search_words_begun ON search_words (word COLLATE "C")')


def downgrade():
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_search_words_begun", "search_words")

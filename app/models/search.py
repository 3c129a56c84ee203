"""What searching stands on: the words of each request, requests whose words may have changed, and the vocabulary."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base

LONGEST_WORD = 40


class SearchDocument(Base):
    """The words of one request, as ``app.search.documents`` writes them: each once, parted by spaces.

    SQLite reads them through the FTS5 table ``search_index``, kept in step by triggers of this table: a migration that
    makes this table anew must make the triggers anew. PostgreSQL has a GIN index on an expression over them.
    """

    __tablename__ = "search_documents"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True, autoincrement=False)
    words: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column()  # who read another one writes nothing


class SearchMark(Base):
    """A request whose words are to be written anew. Rows only come and go, so that nobody ever waits for another."""

    __tablename__ = "search_marks"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column()


class SearchWord(Base):
    """A word that some request held once, with each lemma of it; a lemma is a word of its own too."""

    __tablename__ = "search_words"

    word: Mapped[str] = mapped_column(String(LONGEST_WORD), primary_key=True)
    lemma: Mapped[str] = mapped_column(String(LONGEST_WORD), primary_key=True)

    __table_args__ = (Index("ix_search_words_lemma", "lemma", "word"), {"sqlite_with_rowid": False})

"""Finding requests: one search as the page and the API make it, page by page, newest first or best first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy import ColumnElement, func, select

from app import numbers
from app.clock import now
from app.extensions import db
from app.models.search import SearchDocument
from app.models.ticket import Ticket
from app.rows import LARGEST_ID
from app.search import index, words
from app.search.query import Typed
from app.search.vocabulary import Meaning, Vocabulary

_FEW_SINCE, _MANY_SINCE = timedelta(days=366), timedelta(days=30)
BEST_OF = 300  # newest hits among which the best are chosen
Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True)
class Wanted:
    """What narrows a search: conditions over ``Ticket``, and tokens that the index keeps of each request."""

    conditions: Conditions = ()
    tokens: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    @cached_property
    def ids(self) -> tuple[int, int | None]:
        """The least id of the period, and the one behind its last; as good as none where counting them would cost more.

        Imported requests are older than their ids tell, so the ids are asked for, not guessed.
        """
        oldest, behind, at = 0, None, now()
        if self.since and self.since > at - _FEW_SINCE:
            oldest = db.session.scalar(select(func.min(Ticket.id)).where(Ticket.created_at >= self.since)) or LARGEST_ID
        if self.until and self.until < at - _MANY_SINCE:
            last = db.session.scalar(select(func.max(Ticket.id)).where(Ticket.created_at < self.until))
            behind = (last or 0) + 1
        return oldest, behind


@dataclass(frozen=True, slots=True)
class Found:
    """``next``: the cursor of the next page. ``is_cut``: older requests were not looked at yet.

    ``mended``: words nobody wrote, each with what was looked for instead. ``forms``: what to mark in texts, by word.
    """

    ids: list[int] = field(default_factory=list)
    next: int | None = None
    is_cut: bool = False
    mended: list[Meaning] = field(default_factory=list)
    forms: list[set[str]] = field(default_factory=list)


def number_of(typed: Typed) -> str | None:
    """The number of the request that was typed in full, if there is one."""
    if not numbers.is_valid(typed.number):
        return None
    return db.session.scalar(select(Ticket.number).where(Ticket.number == typed.number))


def find(typed: Typed, wanted: Wanted, after: int | None, most: int, *, best_first: bool = False) -> Found:
    """One page. ``after``: the id of the last one seen; when the best come first, how many were seen."""
    if not (typed.phone or typed.email):
        return _by_words(typed, wanted, after, most, best_first=best_first)
    token = words.phone(typed.phone) if typed.phone else words.email(typed.email)
    found = _exactly(typed, token, wanted, after, most)
    if found.ids or after is not None:
        return found
    return _by_words(typed, wanted, after, most, best_first=False)


def _exactly(typed: Typed, token: str, wanted: Wanted, after: int | None, most: int) -> Found:
    """Whose address or phone it is, and where it is written."""
    hits = _looked_up([[token]], wanted, after, most)
    column, value = (Ticket.applicant_phone, typed.phone) if typed.phone else (Ticket.applicant_email, typed.email)
    own = select(Ticket.id).where(column == value, *wanted.conditions)
    if after is not None:
        own = own.where(Ticket.id < after)
    owned: Sequence[int] = ()
    if words.HAS_FILE not in wanted.tokens:  # which the index alone knows
        # + 0: by the index of the column, and not along the primary key in the hope of meeting one soon.
        owned = db.session.scalars(own.order_by((Ticket.id + 0).desc()).limit(most + 1)).all()
    ids = sorted({*hits.ids, *owned}, reverse=True)
    if len(ids) > most or hits.next_before is not None:
        ids = ids[:most]
        return Found(ids, ids[-1] if ids else hits.next_before, hits.is_cut, forms=[{*typed.email.split()}])
    return Found(ids, forms=[{*typed.email.split()}])


def _by_words(typed: Typed, wanted: Wanted, after: int | None, most: int, *, best_first: bool) -> Found:
    if not typed.words:
        return Found()
    vocabulary = Vocabulary()
    before = None if best_first else after
    meanings = vocabulary.meanings(typed.words)
    hits = _hits(meanings, wanted, before, BEST_OF if best_first else most)
    if not hits.ids and not hits.is_cut:
        mended = vocabulary.meanings(typed.words, mend=True)
        if mended != meanings:
            meanings, hits = mended, _hits(mended, wanted, before, BEST_OF if best_first else most)
    forms = [vocabulary.forms(meaning.tokens) for meaning in meanings]
    mended = [meaning for meaning in meanings if meaning.others] if hits.ids else []
    if not best_first:
        return Found(hits.ids, hits.next_before, hits.is_cut, mended, forms)
    start = after or 0
    ranked = _ranked(hits.ids, meanings, forms)
    shown, has_more = ranked[start : start + most], len(ranked) > start + most
    return Found(shown, start + most if has_more else None, hits.next_before is not None, mended, forms)


def _hits(meanings: Iterable[Meaning], wanted: Wanted, before: int | None, most: int) -> index.Hits:
    return _looked_up([meaning.tokens for meaning in meanings], wanted, before, most)


def _looked_up(groups: index.Groups, wanted: Wanted, before: int | None, most: int) -> index.Hits:
    oldest, behind = wanted.ids
    start = min((each for each in (before, behind) if each is not None), default=None)
    every = [*groups, *([token] for token in wanted.tokens)]
    return index.find(every, wanted.conditions, start, most, oldest=oldest)


def _ranked(ids: Sequence[int], meanings: Sequence[Meaning], forms: Sequence[set[str]]) -> list[int]:
    """The best first: words in the title, then the typed form itself, then whose request it is; equals, the newest."""
    columns = (Ticket.id, Ticket.title, Ticket.company_name, Ticket.applicant_name, SearchDocument.words)
    rows = select(*columns).join(SearchDocument, SearchDocument.ticket_id == Ticket.id).where(Ticket.id.in_(ids))
    scores: dict[int, int] = {}
    for ticket_id, title, company, name, written in db.session.execute(rows):
        heading, owner, every = set(words.words(title)), set(words.words(f"{company} {name}")), set(written.split())
        scores[ticket_id] = sum(
            4 * bool(own & heading) + 2 * (meaning.word in every) + bool(own & owner)
            for meaning, own in zip(meanings, forms, strict=True)
        )
    return sorted(scores, key=lambda ticket_id: (-scores[ticket_id], -ticket_id))

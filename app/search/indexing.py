"""Writes the words of marked requests, newest marks first; ended anywhere, the next call goes on."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, delete, func, select, update

from app import database, outbox, search_marks
from app.extensions import db, insert_into
from app.models.search import LONGEST_WORD, SearchDocument, SearchMark, SearchWord
from app.search import documents
from app.search.lemmas import lemmas

BATCH, LARGE_BATCH = 100, 500  # requests a transaction, while the desk works and by hand
AT_ONCE = 5.0  # seconds of one job
_KNOWN = 200_000  # words that this process need not look up again
# Words of the vocabulary: letters, or letters and figures; neither numbers alone nor long marks of machines.
_SPEAKABLE = re.compile(r"(?=.*[^\W\d_])[^\W_]{2,30}")

_known: WeakKeyDictionary[Engine, set[str]] = WeakKeyDictionary()


def run(seconds: float = AT_ONCE, batch: int = BATCH) -> int:
    """Work off marks for so long at most, and ring again for those that are left; how many requests were written."""
    end, done = time.monotonic() + seconds, 0
    while True:
        marks = _take(batch)
        if not marks:
            return done
        done += _write(marks)
        if time.monotonic() >= end:
            with outbox.transaction():
                outbox.ring(search_marks.SEARCH)
            return done


def rebuild(progress: Callable[[int, int], None]) -> int:
    """Work off every mark there is; ``progress`` hears what is done and what is left."""
    done = 0
    while left := waiting():
        progress(done, left)
        done += run(batch=LARGE_BATCH)
    progress(done, 0)
    return done


def forget_marks() -> None:
    """Before every request is marked at once."""
    db.session.execute(delete(SearchMark))


def waiting() -> int:
    """How many marks there are; a request that changed twice has two."""
    count = db.session.scalar(select(func.count()).select_from(SearchMark)) or 0
    db.session.rollback()
    return count


def _take(batch: int) -> dict[int, list[int]]:
    """Marks by request, the newest; they stay until the words are written."""
    marks: dict[int, list[int]] = defaultdict(list)
    with database.reading():
        newest = select(SearchMark.id, SearchMark.ticket_id).order_by(SearchMark.id.desc()).limit(batch)
        for mark_id, ticket_id in db.session.execute(newest):
            marks[ticket_id].append(mark_id)
        db.session.rollback()
    return marks


def _write(marks: dict[int, list[int]]) -> int:
    """Gather and find lemmas without a lock, then write. Where another process was faster, the marks stay."""
    ids = sorted(marks)
    with database.reading():
        read = select(SearchDocument.ticket_id, SearchDocument.revision).where(SearchDocument.ticket_id.in_(ids))
        revisions = dict(db.session.execute(read).all())
        own = documents.gather(ids)
        new = _unknown(own.values())
        db.session.rollback()
    texts = {ticket_id: documents.written(ticket_id, own[ticket_id]) for ticket_id in own}
    with outbox.transaction():
        put = _put(texts, revisions)
        done = [mark for ticket_id in ids if ticket_id in put or ticket_id not in own for mark in marks[ticket_id]]
        if new:
            rows = [{"word": word, "lemma": lemma} for word, lemma in sorted(new)]
            db.session.execute(insert_into(SearchWord).on_conflict_do_nothing(), rows)
        db.session.execute(delete(SearchMark).where(SearchMark.id.in_(done)))
    known = _known_words()
    if len(known) > _KNOWN:
        known.clear()
    known.update(word for word, _lemma in new)
    return len(texts)


def _put(texts: dict[int, str], revisions: dict[int, int]) -> set[int]:
    """Write the words of those requests whose words nobody wrote since their revisions were read; which these are."""
    put: set[int] = set()
    new = [
        {"ticket_id": ticket_id, "words": text, "revision": 1}
        for ticket_id, text in texts.items()
        if ticket_id not in revisions
    ]
    if new:
        made = insert_into(SearchDocument).values(new).on_conflict_do_nothing().returning(SearchDocument.ticket_id)
        put.update(db.session.scalars(made))
    for ticket_id, revision in revisions.items():
        if ticket_id in texts:
            own = (SearchDocument.ticket_id == ticket_id, SearchDocument.revision == revision)
            changed = update(SearchDocument).where(*own).values(words=texts[ticket_id], revision=revision + 1)
            changed = changed.returning(SearchDocument.ticket_id)
            put.update(db.session.scalars(changed, execution_options={"synchronize_session": False}))
    return put


def _unknown(documents_words: Iterable[set[str]]) -> set[tuple[str, str]]:
    """Rows for the vocabulary: words, each with its lemmas, and the lemmas themselves."""
    known = _known_words()
    fresh = {word for own in documents_words for word in own if word not in known and _SPEAKABLE.fullmatch(word)}
    pairs = {(word, lemma[:LONGEST_WORD]) for word in fresh for lemma in lemmas(word)}
    return pairs | {(lemma, lemma) for _word, lemma in pairs}


def _known_words() -> set[str]:
    return _known.setdefault(db.engine, set())

"""Lemmas that were found once: a word met again costs a look into memory or into the table of words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

from app.extensions import db
from app.models.search import LONGEST_WORD, SearchWord
from app.search.lemmas import lemmas

Lemmas = dict[str, set[str]]

MOST = 50_000  # words that one process keeps in memory
_AT_ONCE = 1_000
# Words of the vocabulary: letters, or letters and figures; neither numbers alone nor long marks of machines.
_SPEAKABLE = re.compile(r"(?=.*[^\W\d_])[^\W_]{2,30}")

_memory: WeakKeyDictionary[Engine, Lemmas] = WeakKeyDictionary()


def learn(every: Iterable[str]) -> tuple[Lemmas, Lemmas]:
    """The lemmas of all these words that have any, and those of them that the table does not know yet."""
    memory = _memory.setdefault(db.engine, {})
    wanted = {word for word in every if _SPEAKABLE.fullmatch(word)}
    known = {word: memory[word] for word in wanted if word in memory}
    read = _read(sorted(wanted - known.keys()))
    if len(memory) + len(read) > MOST:
        memory.clear()
    memory |= read
    new: Lemmas = {}
    unknown = wanted - known.keys() - read.keys()
    while unknown:  # a lemma is a word of its own, with lemmas of its own
        new |= {word: {lemma[:LONGEST_WORD] for lemma in lemmas(word)} for word in unknown}
        unknown = {lemma for word in unknown for lemma in new[word]} - new.keys() - known.keys() - read.keys()
    return known | read | new, new


def remember(new: Lemmas) -> None:
    """These stand in the table now."""
    _memory.setdefault(db.engine, {}).update(new)


def _read(wanted: list[str]) -> Lemmas:
    read: Lemmas = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = select(SearchWord.word, SearchWord.lemma).where(SearchWord.word.in_(wanted[start : start + _AT_ONCE]))
        for word, lemma in db.session.execute(rows):
            read.setdefault(word, set()).add(lemma)
    return read

"""Requests like one: solved ones that share its words, the rare words counting most, out of the same index."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.extensions import db
from app.models.search import SearchDocument
from app.models.ticket import Ticket
from app.models.words import State
from app.search import index, words
from app.search.vocabulary import Vocabulary

MOST = 4
LONGEST = 2_000  # letters of the text that are looked at
_MOST_WORDS = 40
_MOST_RARE = 12
_SAMPLE = 300  # newest requests, of which the commonness of words is told
_COMMON = 4  # of them: a word that stands in so many is no rare one
_FROM_RARE, _FROM_COMMON = 120, 80  # candidates
_SHORTEST = 3  # letters
_HEAVIEST = 8  # words that a request has to share, as far as it has them
_LEAST = 0.2  # of their weight
_IN_TEXT = 0.6
# Lemmas of what people say of whatever trouble; a young desk has too few requests to learn it from them.
_SAYS_NOTHING = frozenset(
    """
    без быть ваш весь вечер вчера для добрый день еще если заранее здравствовать здравствуйте или когда коллега который
    мочь можно надо наш нужно нужный опять очень пожалуйста помогать помочь после при просить просьба сегодня сейчас
    снова спасибо тот только уважаемый уважение уже утро через что чтобы это этот как нет все
    again and can day for from good have hello help need not our pleas please thank thanks that the this today when with
    """.split()
)
_STEPS = 10  # two requests within a step of likeness are equally like

_STANDS = (Ticket.merged_into_id.is_(None), Ticket.erased_at.is_(None))
DONE = (Ticket.state.in_((State.SOLVED, State.CLOSED)), *_STANDS)


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of the request: its tokens in the index, every form that is written of it, and what it weighs."""

    tokens: frozenset[str]
    forms: frozenset[str]
    seen: int  # requests of the sample that hold it
    weight: float


def similar(ticket_id: int, title: str, what: str, company_id: int | None) -> list[int]:
    """Ids of up to MOST solved requests like this one, the likest first; of equals the company's own, then the newest.

    A bounded number of queries and candidates, however many requests there are.
    """
    own = _words(title, what[:LONGEST])
    if not own:
        return []
    conditions = (Ticket.id != ticket_id, *DONE)
    ids = {*_with_rare(own, conditions), *_with_common(own, conditions)}
    rows = _read(ids)
    likeness = {row.id: _likeness(own, row) for row in rows}
    best = [row for row in rows if likeness[row.id] >= _LEAST]
    best.sort(key=lambda row: (-round(likeness[row.id] * _STEPS), row.company_id != (company_id or 0), -row.id))
    return [row.id for row in best[:MOST]]


def _words(title: str, what: str) -> list[_Word]:
    """The words that somebody wrote before, the heaviest first; those of the title weigh half as much again."""
    heading = set(words.words(title))
    typed = [word for word in dict.fromkeys(words.words(f"{title} {what}")) if len(word) >= _SHORTEST]
    vocabulary = Vocabulary()
    known = vocabulary.known(typed[:_MOST_WORDS])
    written = vocabulary.written({lemma for lemmas in known.values() for lemma in lemmas})
    sample = _sample()
    found: dict[frozenset[str], _Word] = {}
    for word in typed[:_MOST_WORDS]:
        if word in known and _SAYS_NOTHING.isdisjoint(known[word]):
            tokens = frozenset({word, *known[word]})
            forms = tokens.union(*(written.get(lemma, ()) for lemma in known[word]))
            seen = sum(not tokens.isdisjoint(every) for every in sample)
            rarity = math.log((len(sample) + 1) / (seen + 0.5))
            weight = max(0.0, rarity) * (1.5 if word in heading else 1.0)
            found.setdefault(frozenset(known[word]), _Word(tokens, forms, seen, weight))
    return sorted(found.values(), key=lambda word: -word.weight)


def _sample() -> list[set[str]]:
    newest = select(SearchDocument.words).order_by(SearchDocument.ticket_id.desc()).limit(_SAMPLE)
    return [set(written.split()) for written in db.session.scalars(newest)]


def _with_rare(own: Sequence[_Word], conditions: Sequence[Any]) -> list[int]:
    """The newest that hold one of the rare words."""
    rare = [word.tokens for word in own if word.seen < _COMMON][:_MOST_RARE]
    return index.find([_joined(rare)], conditions, None, _FROM_RARE).ids if rare else []


def _with_common(own: Sequence[_Word], conditions: Sequence[Any]) -> list[int]:
    """The newest that hold the rarest of the common words, and another of them."""
    common = [word.tokens for word in own if word.seen >= _COMMON]
    if len(common) < 2:
        return []
    groups = [sorted(common[0]), _joined(common[1:4])]
    return index.find(groups, conditions, None, _FROM_COMMON).ids


def _joined(tokens: Iterable[frozenset[str]]) -> list[str]:
    return sorted(frozenset[str]().union(*tokens))


def _read(ids: Iterable[int]) -> Sequence[Any]:
    rows = select(Ticket.id, Ticket.title, func.substr(Ticket.what, 1, LONGEST).label("what"), Ticket.company_id)
    return db.session.execute(rows.where(Ticket.id.in_(sorted(ids)))).all()


def _likeness(own: Sequence[_Word], row: Any) -> float:
    """From 0 to 1: the weight of the words that both begin with; one counts less where it stands not in the title.

    What was said later is no part of it: there people greet and thank each other.
    """
    heading = set(words.words(row.title))
    every = heading.union(words.words(row.what))
    shared = [word for word in own if not word.forms.isdisjoint(every)]
    if len(shared) < min(2, len(own)):
        return 0.0
    total = sum(word.weight for word in own[:_HEAVIEST])
    gained = sum(word.weight * (_IN_TEXT if word.forms.isdisjoint(heading) else 1.0) for word in shared)
    return min(1.0, gained / total) if total else 0.0

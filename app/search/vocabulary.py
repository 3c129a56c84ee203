"""What a typed word stands for: its forms, and where nobody ever wrote it so, what was likely meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import collate, select

from app.extensions import db
from app.models.search import SearchWord
from app.search import words
from app.search.lemmas import lemmas

LEAST_TO_MEND = 5  # letters; shorter words are one slip away from too many others
LEAST_TO_CONTINUE = 3
MOST_OTHERS = 5
MOST_CONTINUED = 12
MOST_FORMS = 2_000
_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
_CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбю"
_OTHER_LAYOUT = str.maketrans(_LATIN + _CYRILLIC + "`", _CYRILLIC + _LATIN + "е")
_ALPHABETS = ("абвгдежзийклмнопрстуфхцчшщъыьэюя", "abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True)
class Meaning:
    """The tokens of which a request must hold one; ``others``: words looked for instead of the typed one."""

    word: str
    tokens: tuple[str, ...]
    others: tuple[str, ...] = ()


@dataclass(slots=True)
class Vocabulary:
    """Looks words up, each question to the database for all of them at once."""

    _known: dict[str, set[str]] = field(default_factory=dict)

    def meanings(self, pairs: Iterable[tuple[str, str]], *, mend: bool = False) -> list[Meaning]:
        """One a typed word. ``mend``: look for slips in words that somebody did write, too."""
        pairs = list(pairs)
        self._look_up({word for word, _chunk in pairs})
        # Lemmas are looked for where the table has none: their dictionary is not loaded for words that are written.
        forms = {word: sorted(self._known[word]) if word in self._known else lemmas(word) for word, _chunk in pairs}
        self._look_up({lemma for own in forms.values() for lemma in own})
        found = []
        for word, chunk in pairs:
            tokens = tuple(dict.fromkeys([word, *forms[word]]))
            is_known = any(token in self._known for token in tokens)
            others: tuple[str, ...] = ()
            if not word.isdigit() and (not is_known or mend):
                others = self._meant(word, chunk)
            more = [token for other in others for token in (other, *self._known[other])]
            found.append(Meaning(word, tuple(dict.fromkeys([*tokens, *more])), others))
        return found

    def known(self, wanted: Iterable[str]) -> dict[str, set[str]]:
        """The lemmas of those of the words that somebody wrote; one query, and no dictionary."""
        wanted = set(wanted)
        self._look_up(set(wanted))
        return {word: self._known[word] for word in wanted if word in self._known}

    def written(self, lemmas: Iterable[str]) -> dict[str, set[str]]:
        """The forms that were written of each lemma; one query."""
        rows = select(SearchWord.lemma, SearchWord.word).where(SearchWord.lemma.in_(set(lemmas))).limit(MOST_FORMS)
        found: dict[str, set[str]] = {}
        for lemma, word in db.session.execute(rows):
            found.setdefault(lemma, set()).add(word)
        return found

    def forms(self, tokens: Iterable[str]) -> set[str]:
        """Every written form of these tokens, to be marked in texts."""
        tokens = set(tokens)
        lemma_rows = db.session.scalars(select(SearchWord.word).where(SearchWord.lemma.in_(tokens)).limit(500))
        return tokens | set(lemma_rows)

    def _meant(self, word: str, chunk: str) -> tuple[str, ...]:
        """Typed in the other layout, not typed to its end, or with one slip; the first of these that leads to words."""
        if switched := self._switched(chunk):
            return switched
        if len(word) >= LEAST_TO_CONTINUE and (longer := self._continued(word)):
            return longer
        return self._mended(word)

    def _switched(self, chunk: str) -> tuple[str, ...]:
        other = words.words(words.folded(chunk).translate(_OTHER_LAYOUT))
        if len(other) != 1 or len(other[0]) < LEAST_TO_CONTINUE:
            return ()
        forms = lemmas(other[0])
        self._look_up({other[0], *forms})
        return tuple(form for form in dict.fromkeys([other[0], *forms]) if form in self._known)[:1]

    def _continued(self, word: str) -> tuple[str, ...]:
        is_sqlite = db.session.get_bind().dialect.name == "sqlite"
        own = SearchWord.word if is_sqlite else collate(SearchWord.word, "C")  # letter by letter on both
        rows = select(SearchWord.word, SearchWord.lemma).where(own > word, own < word + "\U0010ffff")
        longer = rows.order_by(own).limit(MOST_CONTINUED)
        return self._remember(db.session.execute(longer))

    def _mended(self, word: str) -> tuple[str, ...]:
        """Words one edit away: a letter too many, too few, another one, or two neighbours swapped."""
        alphabet = next((letters for letters in _ALPHABETS if set(word) <= set(letters)), "")
        if len(word) < LEAST_TO_MEND or not alphabet:
            return ()
        near = list(dict.fromkeys(_edits(word, alphabet)))
        rows = db.session.execute(select(SearchWord.word, SearchWord.lemma).where(SearchWord.word.in_(near)))
        found = set(self._remember(rows))
        return tuple(other for other in near if other in found)[:MOST_OTHERS]

    def _look_up(self, wanted: set[str]) -> None:
        wanted -= self._known.keys()
        if wanted:
            rows = select(SearchWord.word, SearchWord.lemma).where(SearchWord.word.in_(wanted))
            self._remember(db.session.execute(rows))

    def _remember(self, rows: Iterable[tuple[str, str]]) -> tuple[str, ...]:
        read: dict[str, set[str]] = {}
        for word, lemma in rows:
            read.setdefault(word, set()).add(lemma)
        self._known |= read
        return tuple(read)


def _edits(word: str, alphabet: str) -> Iterator[str]:
    """Every other word that one slip makes of this one, the likeliest slips first (P. Norvig's way round)."""
    parts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    for head, tail in parts:
        if len(tail) > 1 and tail[0] != tail[1]:
            yield head + tail[1] + tail[0] + tail[2:]
    for head, tail in parts:
        if tail:
            yield head + tail[1:]
    for head, tail in parts:
        for letter in alphabet:
            yield head + letter + tail
    for head, tail in parts:
        for letter in alphabet:
            if tail and letter != tail[0]:
                yield head + letter + tail[1:]

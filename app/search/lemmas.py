"""The lemmas of a word: pymorphy3 for Russian, Snowball and a list of the irregular for English; loaded when needed."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

_RUSSIAN = re.compile(r"[а-я]{3,30}")
_ENGLISH = re.compile(r"[a-z]{3,30}")
_LIKELY = 0.05  # the score from which a reading of a form counts: «стали» is стать, and not сталь
_MOST = 3
_IRREGULAR = """
break broke broken; bring brought; build built; buy bought; choose chose chosen; come came; do did done; fall fell
fallen; feel felt; find found; forget forgot forgotten; freeze froze frozen; get got gotten; give gave given; go
went gone; hang hung; hear heard; hold held; keep kept; know knew known; leave left; lose lost; make made; mean
meant; mouse mice; pay paid; read; run ran; say said; see saw seen; sell sold; send sent; shake shook shaken; show
shown; shut; speak spoke spoken; spend spent; stand stood; steal stole stolen; stick stuck; take took taken; tell
told; tear tore torn; think thought; throw threw thrown; understand understood; wake woke woken; write wrote
written; man men; woman women; person people; child children
"""


@lru_cache(maxsize=20_000)
def lemmas(word: str) -> tuple[str, ...]:
    """What a folded word may be a form of, the likeliest first; itself where nothing else is known."""
    if _RUSSIAN.fullmatch(word):
        found = [
            reading.normal_form.replace("ё", "е") for reading in _russian().parse(word) if reading.score >= _LIKELY
        ]
        return tuple(dict.fromkeys(found))[:_MOST] or (word,)
    if _ENGLISH.fullmatch(word):
        return (_english().stemWord(_irregular().get(word, word)),)
    return (word,)


@cache
def _russian() -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")


@cache
def _english() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


@cache
def _irregular() -> dict[str, str]:
    entries = [entry.split() for entry in _IRREGULAR.split(";")]
    return {form: lemma for lemma, *forms in entries for form in forms}

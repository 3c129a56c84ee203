"""Where else a person is written down: drafts, files of imports, codes, changes of their card, the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import delete, select

from app.extensions import db
from app.imports import KINDS, UnreadableFile
from app.models.bouncing import BouncingAddress
from app.models.call_draft import CallDraft
from app.models.client_change import ClientChange
from app.models.contact_code import ContactCode
from app.models.csv_import import CsvImport
from app.models.search import SearchWord
from app.person_data.whose import Whose
from app.search import index, words

_WEAK = {"synchronize_session": False}
_LEAST_DIGITS = 10
_WORTH_IT = re.compile(r"\S{3,40}")


def forget(whose: Whose) -> None:
    """All of these at once: they are few."""
    for noun, key in ((ContactCode, ContactCode.email), (BouncingAddress, BouncingAddress.address)):
        db.session.execute(delete(noun).where(key.in_(whose.emails)), execution_options=_WEAK)
    calls = [draft.key for draft in drafts(whose)]
    db.session.execute(delete(CallDraft).where(CallDraft.key.in_(calls)), execution_options=_WEAK)
    files = [one.id for one in imports(whose)]
    db.session.execute(delete(CsvImport).where(CsvImport.id.in_(files)), execution_options=_WEAK)
    for change in db.session.scalars(select(ClientChange).where(ClientChange.person_id.in_(whose.ids))).all():
        change.data = {name: change.data[name] for name in ("fields", "joined") if name in change.data}


def drafts(whose: Whose) -> list[CallDraft]:
    """Calls that somebody is writing down and that name this person; of all drafts there are few."""
    return [
        draft
        for draft in db.session.scalars(select(CallDraft).order_by(CallDraft.key))
        if names(whose, (draft.phone, *draft.fields.values()))
    ]


def imports(whose: Whose) -> list[CsvImport]:
    """Files that were loaded and not written yet, and that name this person; they go after a month anyhow."""
    ids = db.session.scalars(select(CsvImport.id).order_by(CsvImport.id)).all()
    found = []
    for import_id in ids:
        one = db.session.get_one(CsvImport, import_id)
        if names(whose, _cells(one)):
            found.append(one)
        db.session.expire(one, ["content"])
    return found


def names(whose: Whose, texts: Iterable[str]) -> bool:
    """Whether one of these words is their address, number or whole name."""
    numbers = {number[-_LEAST_DIGITS:] for number in map(_digits, whose.phones) if len(number) >= _LEAST_DIGITS}
    people = {" ".join(name.lower().split()) for name in whose.names if " " in name.strip()}
    for text in texts:
        low = " ".join(text.lower().split())
        if any(email in low for email in whose.emails) or any(name in low for name in people):
            return True
        digits = _digits(text)
        if any(number in digits for number in numbers):
            return True
    return False


def forget_words(whose: Whose) -> None:
    """Out of the vocabulary, where no request has them: what is mistyped is then never mended into their name."""
    own = {word for text in (*whose.names, *whose.emails) for word in words.words(text)}
    own.update(db.session.scalars(select(SearchWord.lemma).where(SearchWord.word.in_(own))).all())
    gone = [word for word in own if _WORTH_IT.fullmatch(word) and _is_nowhere(word)]
    db.session.execute(delete(SearchWord).where(SearchWord.word.in_(gone)), execution_options=_WEAK)


def _is_nowhere(word: str) -> bool:
    found = index.find([[word]], [], None, 1)
    return not found.ids and not found.is_cut


def _cells(one: CsvImport) -> Iterator[str]:
    yield from (str(sentence) for sentence in one.bad.values())
    if not one.content:
        return
    kind: Any = KINDS.get(one.kind)
    try:
        rows = kind.read(one.content) if kind else []
    except UnreadableFile:
        rows = []
    for row in rows:
        yield from row.values.values()


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)

"""Letters by chance, put together and mutated: each is read or refused by name, what is read is clean, none is lost.

Ten thousand by `TRUST=full bin/test tests/intake/test_fuzz.py`, as `bin/check --long` does; else fewer. Others than
those of every run by `FUZZ_SEED=40000` and pytest's `--hypothesis-seed`.
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app import clock
from app.extensions import db
from app.intake import letters
from app.intake.mime import child
from app.intake.mime.letter import ParsedLetter, Unreadable
from app.models.letter import Letter
from app.models.words import LetterKind, LetterState
from tests.intake import mutations
from tests.intake.clean import texts_of

FULL = os.environ.get("TRUST") == "full"
COUNT = 10_000 if FULL else 1500
BY_DESK = COUNT // 5
FIRST = int(os.environ.get("FUZZ_SEED", "0"))

pytestmark = pytest.mark.timeout(3600 if FULL else 300)


@pytest.fixture(scope="module", autouse=True)
def no_child_stays() -> Iterator[None]:
    yield
    child.stop()


@settings(max_examples=COUNT // 2, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(mutations.PIECES), st.binary(max_size=6)), max_size=60))
def test_whatever_is_put_together_is_read_or_refused(pieces: list[bytes]) -> None:
    _check(b"".join(pieces))


def test_whatever_samples_turn_into_is_read_or_refused() -> None:
    for seed in range(FIRST, FIRST + COUNT // 2):
        try:
            _check(mutations.letter(seed))
        except Exception as error:
            error.add_note(f"mutations.letter({seed})")
            raise


@pytest.mark.trust("M13")
def test_none_is_lost_on_its_way_to_the_desk(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    seeds = {}
    for seed in range(FIRST, FIRST + BY_DESK):
        envelope = {"envelope_from": ["carol@romashka.ru", "", "x\0y", None][seed % 4]}
        seeds[letters.store(mutations.letter(seed), "pipe", envelope_to=["info@stekspb.ru"], **envelope).id] = seed
    with caplog.at_level(logging.WARNING):
        for _ in range(10):
            letters.file_received()
            clock.shift(timedelta(seconds=20))
    db.session.expire_all()
    rows = {letter.id: letter for letter in db.session.scalars(select(Letter))}
    assert rows.keys() == seeds.keys()
    for letter in rows.values():
        where = f"mutations.letter({seeds[letter.id]}): {letter.state} {letter.kind} {letter.error}"
        assert letter.state in {LetterState.FILED, LetterState.QUARANTINED, LetterState.FAILED}, where
        assert letter.file_at is None, where
        assert letter.ticket_id or letter.kind is not LetterKind.HUMAN or letter.state is LetterState.QUARANTINED, where
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    print(Counter(f"{letter.state.value} {letter.kind}" for letter in rows.values()))


def _check(raw: bytes) -> None:
    try:
        letter = child.parse(raw)
    except Unreadable as error:
        if not error.is_final:
            raise  # an accident, not a limit
        letter = child.glance(raw)
    _is_clean(letter)


def _is_clean(letter: ParsedLetter) -> None:
    for text in texts_of(asdict(letter)):
        text.encode("utf-8")
        assert not set(text) & {"\0", "\r"}
    assert len(letter.message_id) <= 250
    assert 0 < len(letter.subject) <= 250
    assert all(0 < len(file.name) <= 150 and "/" not in file.name for file in letter.files)
    assert len({file.name.lower() for file in letter.files}) == len(letter.files)

"""The poison set amid good letters: each ends somewhere, and the next good one is filed within a minute."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.extensions import db
from app.intake import floods, letters
from app.intake.mime import child
from app.models.letter import Letter
from app.models.words import LetterKind, LetterState
from tests.intake import wrapping as w
from tests.intake.hostile import LETTERS
from tests.intake.mailing import mail, messages, ticket_of
from tests.intake.samples import letter, multipart, text_part
from tests.intake.test_child import BOMBS, HEAVY

_GOOD_AFTER = 6  # as many as one claim takes
_MOST_SECONDS = 60

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(autouse=True)
def own_child() -> Iterator[None]:
    """One with this test's limits: whoever read letters before has left a child with others."""
    child.stop()
    yield
    child.stop()


@pytest.mark.trust("M13", "R12")
def test_the_next_good_letter_is_filed_within_a_minute(app: Flask) -> None:
    poison = [*(hostile.raw for hostile in LETTERS), *(raw for _name, raw in (*BOMBS, *HEAVY))]
    good = _stored_amid(poison)
    assert _slowest(good) < _MOST_SECONDS
    _all_have_ended()


@pytest.mark.trust("R12")
def test_letters_that_kill_the_child_hold_up_no_other(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed by the clock and by memory, as no known letter manages within the true limits."""
    monkeypatch.setattr(child, "SECONDS", 0.3)
    monkeypatch.setattr(child, "MEMORY", 300 << 20)
    slow = letter(b"Content-Type: text/plain\r\n", b"x\r\n" * 2_900_000)
    large = multipart(text_part(b"x"), w.part(bytes(25 << 20), b"Content-Type: application/zip; name=a.zip"))
    good = _stored_amid([slow, large, slow + b"2", large + b"2", slow + b"3", large + b"3"])
    assert _slowest(good) < _MOST_SECONDS
    _all_have_ended()
    given_up = list(db.session.scalars(select(Letter).where(Letter.state == LetterState.FAILED)))
    assert len(given_up) == 6
    assert {one.attempts for one in given_up} == {letters.MOST_TRIES}
    for one in given_up:
        assert ticket_of(one).title == "Неразобранное письмо"
        assert messages(ticket_of(one))[0].text.startswith("Письмо не удалось разобрать")


@pytest.mark.trust("R12")
def test_a_claim_that_reads_slowly_gives_the_rest_back(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lease must not end under it, or two workers would read the same letters in turn for ever."""
    monkeypatch.setattr(letters, "_READING", 0.0)
    ids = [letters.store(mail(f"Не работает касса {number}."), "pipe").id for number in range(4)]
    assert letters.file_received() == 1
    clock.shift(timedelta(seconds=4))
    assert letters.file_received() == 1
    monkeypatch.undo()
    clock.shift(timedelta(seconds=4))
    assert letters.file_received() == 2
    assert [db.session.get_one(Letter, one, populate_existing=True).attempts for one in ids] == [1, 1, 1, 1]


@pytest.mark.trust("M14")
@pytest.mark.parametrize("unit", ["a", "1", "re: ", "a1 ", "\u0301"])
def test_texts_are_compared_in_a_moment(unit: str) -> None:
    began = time.monotonic()
    assert len(floods._plain(unit * 250_000)) < 10_000
    assert time.monotonic() - began < 1


def _stored_amid(poison: list[bytes]) -> set[int]:
    """Store all, a good letter after every few; the ids of the good ones."""
    good = set()
    for number, raw in enumerate(poison, 1):
        letters.store(raw, "pipe")
        if number % _GOOD_AFTER == 0:
            good.add(letters.store(mail(f"Не работает касса {number}."), "pipe").id)
    return good


def _slowest(good: set[int]) -> float:
    """File everything; the longest time in seconds from one good letter's filing to the next one's."""
    longest, began = 0.0, time.monotonic()
    waiting = set(good)
    for _ in range(10):
        while letters.file_received(1):  # comes back as soon as one has ended; tries that fail do not count
            filed = waiting & set(db.session.scalars(select(Letter.id).where(Letter.state == LetterState.FILED)))
            if filed:
                longest, began = max(longest, time.monotonic() - began), time.monotonic()
                waiting -= filed
        clock.shift(timedelta(seconds=20))  # past the pause before the next try
    assert not waiting
    return longest


def _letters(*states: LetterState) -> list[Letter]:
    db.session.expire_all()
    return list(db.session.scalars(select(Letter).where(Letter.state.in_(states))))


def _all_have_ended() -> None:
    ended = _letters(LetterState.FILED, LetterState.QUARANTINED, LetterState.FAILED)
    assert len(ended) == db.session.scalar(select(func.count(Letter.id)))
    for one in ended:
        assert one.file_at is None
        assert one.ticket_id or one.state is LetterState.QUARANTINED or one.kind is not LetterKind.HUMAN
        assert one.state is not LetterState.QUARANTINED or one.error

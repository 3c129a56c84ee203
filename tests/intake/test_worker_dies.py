"""A letter at which the worker itself dies, again and again: others go on, and it ends as a request all the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from app import clock
from app.extensions import db
from app.intake import letters
from app.intake.mime import child
from app.models.letter import Letter
from app.models.words import LetterState
from tests.intake.mailing import mail, ticket_of


class _Death(BaseException):
    """What no worker catches: the rows stay as a kill leaves them."""


@pytest.fixture
def poison(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Ids of one such letter and the five good ones that are claimed with it."""
    ids = [letters.store(mail(f"Не работает касса {number}.", "касса"), "pipe").id for number in range(6)]
    read = letters._read

    def reading(letter_id: int):
        if letter_id == ids[0]:
            raise _Death
        return read(letter_id)

    monkeypatch.setattr(letters, "_read", reading)
    yield ids
    child.stop()


def work() -> None:
    """A worker begins; when it dies, the lease has run out before the next one comes."""
    try:
        letters.file_received()
    except _Death:
        db.session.rollback()
    clock.shift(letters.LEASE + timedelta(seconds=1))


def rows(ids: list[int]) -> list[Letter]:
    db.session.expire_all()
    return [db.session.get_one(Letter, letter_id) for letter_id in ids]


@pytest.mark.trust("R12")
def test_letters_that_were_only_claimed_beside_it_have_spent_no_try(poison: list[int]) -> None:
    work()
    work()
    work()
    bad, *good = rows(poison)
    assert bad.state is LetterState.RECEIVED
    assert {(one.state, one.attempts) for one in good} == {(LetterState.FILED, 1)}
    assert len({one.ticket_id for one in good}) == 5


@pytest.mark.trust("R12")
def test_it_ends_as_an_unreadable_request(poison: list[int]) -> None:
    for _ in range(letters.MOST_DEATHS + 2):
        work()
    [bad] = rows(poison[:1])
    assert (bad.state, bad.file_at, bad.error) == (LetterState.FAILED, None, letters._DEADLY)
    assert ticket_of(bad).title == "Неразобранное письмо"


def test_a_restart_in_the_midst_is_no_try_that_failed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """What broke before and said why has its three tries, however often the worker was restarted besides."""
    [letter_id] = [letters.store(mail(), "pipe").id]
    letters._claim(1)  # and dies
    clock.shift(letters.LEASE + timedelta(seconds=1))
    assert letters.file_received() == 1
    assert rows([letter_id])[0].state is LetterState.FILED


@pytest.mark.trust("R23")
def test_a_lease_from_before_the_clock_was_set_back_ends(app: Flask) -> None:
    clock.shift(timedelta(days=30))
    letter_id = letters.store(mail(), "pipe").id
    waiting_id = letters.store(mail("Другая касса.", "другая"), "pipe").id
    letters._claim(1)  # and dies
    clock.shift(-timedelta(days=30))
    letters.file_received()
    assert {one.state for one in rows([letter_id, waiting_id])} == {LetterState.FILED}

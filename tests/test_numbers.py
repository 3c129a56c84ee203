"""Numbers of requests."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app import numbers
from app.extensions import db
from app.models import NumberSeries

KEY = b"k" * 32


def test_every_number_of_a_length_comes_once_and_is_valid():
    taken = {numbers.shuffled(6, index, KEY) for index in range(numbers.capacity(6))}
    assert len(taken) == 90_000
    assert all(numbers.is_valid(number) and len(number) == 6 for number in taken)


def test_neighbours_are_not_sequential():
    run = [int(numbers.shuffled(6, index, KEY)) for index in range(50)]
    assert len({b - a for a, b in itertools.pairwise(run)}) > 40


@given(st.integers(0, 89_999), st.integers(0, 5), st.integers(1, 9))
def test_a_single_slip_is_caught(index: int, place: int, change: int):
    number = numbers.shuffled(6, index, KEY)
    slip = str((int(number[place]) + change) % 10)
    assert not numbers.is_valid(number[:place] + slip + number[place + 1 :])


@given(st.integers(0, 89_999), st.integers(0, 4))
def test_a_swap_of_neighbours_is_caught(index: int, place: int):
    number = numbers.shuffled(6, index, KEY)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or not numbers.is_valid(swapped)


def test_spaces_signs_and_dashes_are_forgiven():
    assert numbers.normalise(" № 482 173 ") == numbers.normalise("#482-173") == "482173"


def test_a_digit_is_added_when_a_tenth_is_used(app):
    db.session.add(NumberSeries(length=6, used=8_999, key=KEY))
    db.session.flush()
    assert [len(numbers.take()) for _ in range(3)] == [6, 7, 7]
    assert db.session.scalars(select(NumberSeries.used).order_by(NumberSeries.length)).all() == [9_000, 2]

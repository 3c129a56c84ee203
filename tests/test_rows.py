"""What somebody typed, pressed or put into an address is the id of a row, or of none."""

from __future__ import annotations

import pytest
from flask import Flask

from app.models import Staff
from app.rows import find_row, typed_id, typed_number
from tests.cast import alice


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("7", 7), ("0", 0), ("007", 7), ("2147483647", 2**31 - 1), ("2147483648", None), ("9" * 40, None)),
        *(("", None), ("-1", None), ("+1", None), (" 1", None), ("1.0", None), ("٣", None), ("²", None), ("x", None)),
    ],
)
def test_digits_are_a_number_that_databases_take(text: str, number: int | None) -> None:
    assert typed_number(text) == number
    assert typed_id(text) == (number or None)


def test_a_number_that_no_id_can_be_finds_nothing_and_breaks_nothing(app: Flask) -> None:
    assert find_row(Staff, alice().id) is alice()
    assert [find_row(Staff, row_id) for row_id in (None, 0, -1, 10**6, 2**31, 10**30)] == [None] * 6

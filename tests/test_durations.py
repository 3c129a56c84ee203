"""Durations and moments as text: what is read, what is written, what is refused."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.durations import format_duration, iso, parse, parse_moment


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("8h30m", timedelta(hours=8, minutes=30)),
        ("1h5s", timedelta(hours=1, seconds=5)),
        ("0m", timedelta(0)),
        ("3d", timedelta(days=3)),
        ("90m", timedelta(minutes=90)),
        ("1d2h3m4s", timedelta(days=1, hours=2, minutes=3, seconds=4)),
    ],
)
def test_a_duration_is_read(text: str, duration: timedelta) -> None:
    assert parse(text) == duration


@pytest.mark.parametrize("text", ["", " ", "8", "h", "-1h", "1.5h", "1m1h", "1h1h", "1 h", "1w", "8H", "１h", "1h\n"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse(text)


@pytest.mark.parametrize("text", ["36526d", "9" * 40 + "s"])
def test_a_duration_beyond_a_century_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="the most is 100 years"):
        parse(text)


@given(st.integers(0, 36_525 * 86_400))
def test_what_is_written_is_read_again(seconds: int) -> None:
    assert parse(format_duration(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


def test_a_negative_duration_is_not_written() -> None:
    with pytest.raises(ValueError, match="negative"):
        format_duration(timedelta(seconds=-1))


@pytest.mark.parametrize(
    "text", ["2026-11-23T13:40:00Z", "2026-11-23T16:40:00+03:00", "2026-11-23T08:40:00.999999-05:00", "20261123T1340Z"]
)
def test_a_moment_is_read_into_utc(text: str) -> None:
    assert iso(parse_moment(text)) == "2026-11-23T13:40:00Z"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2026-11-23T13:40:00", "has no offset"),
        ("2026-11-23", "has no offset"),
        ("2026-02-30T00:00Z", "is not a moment"),
        ("", "is not a moment"),
        ("0001-01-01T00:00+03:00", "outside the years"),
    ],
)
def test_a_naive_or_broken_moment_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_moment(text)


def test_a_naive_moment_is_not_written() -> None:
    with pytest.raises(ValueError, match="no offset"):
        iso(datetime(2026, 11, 23, tzinfo=UTC).replace(tzinfo=None))

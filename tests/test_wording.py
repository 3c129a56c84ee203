"""Russian and English wording of counts, durations, moments and deadlines."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app import wording, wording_en
from app.moments import NBSP

MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=MOSCOW).astimezone(UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW).astimezone(UTC)


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("n", "form"),
    [(0, "заявок"), (1, "заявка"), (4, "заявки"), (5, "заявок"), (11, "заявок"), (21, "заявка"), (111, "заявок")],
)
def test_a_noun_follows_its_number(n: int, form: str) -> None:
    assert wording.count(n, "заявка", "заявки", "заявок") == f"{n}\u00a0{form}"


@pytest.mark.parametrize(
    ("td", "russian", "english"),
    [
        (timedelta(seconds=59), "меньше минуты", "less than a minute"),
        (timedelta(seconds=-59), "меньше минуты", "less than a minute"),
        (timedelta(minutes=42, seconds=59), "42 мин", "42 min"),
        (timedelta(hours=1, minutes=12), "1 ч 12 мин", "1 h 12 min"),
        (timedelta(hours=2), "2 ч", "2 h"),
        (timedelta(days=1, minutes=5), "1 день", "1 day"),
        (timedelta(days=2, hours=3, minutes=5), "2 дня 3 ч", "2 days 3 h"),
        (timedelta(days=30), "30 дней", "30 days"),
    ],
)
def test_a_duration_shows_its_two_largest_units(td: timedelta, russian: str, english: str) -> None:
    assert plain(wording.duration(td)) == russian
    assert plain(wording_en.duration(td)) == english


@pytest.mark.parametrize(
    ("minutes", "working", "by_the_clock", "english"),
    [
        (480, "8 рабочих часов", "8 часов", "8 working hours"),
        (60, "1 рабочий час", "1 час", "1 working hour"),
        (270, "4 рабочих часа 30 минут", "4 часа 30 минут", "4 working hours 30 minutes"),
        (30, "30 рабочих минут", "30 минут", "30 working minutes"),
        (1, "1 рабочая минута", "1 минута", "1 working minute"),
        (22, "22 рабочие минуты", "22 минуты", "22 working minutes"),
        (0, "меньше рабочей минуты", "меньше минуты", "less than a working minute"),
    ],
)
def test_an_amount_of_work_is_written_in_words(minutes: int, working: str, by_the_clock: str, english: str) -> None:
    amount = timedelta(minutes=minutes)
    assert plain(wording.work_amount(amount)) == working
    assert plain(wording.work_amount(amount, round_the_clock=True)) == by_the_clock
    assert plain(wording_en.work_amount(amount)) == english


@pytest.mark.parametrize(
    ("moment", "full", "short", "english"),
    [
        ("2026-11-25T11:24", "25 ноября, 11:24", "сегодня, 11:24", "today, 11:24"),
        ("2026-11-26T09:05", "26 ноября, 9:05", "завтра, 9:05", "tomorrow, 9:05"),
        ("2026-11-24T18:00", "24 ноября, 18:00", "вчера, 18:00", "yesterday, 18:00"),
        ("2026-05-04T18:00", "4 мая, 18:00", "пн, 4 мая, 18:00", "Mon, 4 May, 18:00"),
        ("2027-01-11T00:00", "11 января 2027, 0:00", "пн, 11 янв 2027, 0:00", "Mon, 11 Jan 2027, 0:00"),
    ],
)
def test_a_moment_is_shown_in_its_zone(moment: str, full: str, short: str, english: str) -> None:
    assert plain(wording.moment(at(moment), MOSCOW, NOW)) == full
    assert plain(wording.moment_short(at(moment), MOSCOW, NOW)) == short
    assert plain(wording_en.moment_short(at(moment), MOSCOW, NOW)) == english


def test_a_weekday_alone_never_names_two_days() -> None:
    assert plain(wording.weekday_moment(at("2026-11-23T16:40"), MOSCOW, NOW)) == "пн 16:40"
    assert plain(wording.weekday_moment(at("2026-11-28T16:40"), MOSCOW, NOW)) == "сб 16:40"
    assert plain(wording.weekday_moment(at("2026-11-21T16:40"), MOSCOW, NOW)) == "сб, 21 ноя, 16:40"
    assert plain(wording_en.weekday_moment(at("2026-11-18T16:40"), MOSCOW, NOW)) == "Wed, 18 Nov, 16:40"


@pytest.mark.parametrize(
    ("left", "text", "tone", "english"),
    [
        (timedelta(days=1, hours=8), "чт, 26 ноя, 18:00", "calm", "Thu, 26 Nov, 18:00"),
        (timedelta(hours=6, minutes=40), "до 16:40", "calm", "by 16:40"),
        (timedelta(hours=2, seconds=1), "до 12:00", "calm", "by 12:00"),
        (timedelta(hours=2), "осталось 2 ч", "left", "2 h left"),
        (timedelta(hours=1, minutes=12), "осталось 1 ч 12 мин", "left", "1 h 12 min left"),
        (timedelta(minutes=30), "осталось 30 мин", "left", "30 min left"),
        (timedelta(minutes=29, seconds=59), "осталось 29 мин", "soon", "29 min left"),
        (timedelta(0), "осталось меньше минуты", "soon", "less than a minute left"),
        (timedelta(seconds=-1), "просрочена только что", "late", "overdue just now"),
        (timedelta(minutes=-42), "просрочена на 42 мин", "late", "overdue by 42 min"),
    ],
)
def test_a_deadline_grows_louder_as_it_nears(left: timedelta, text: str, tone: str, english: str) -> None:
    shown = wording.deadline(NOW + left, MOSCOW, NOW)
    assert (plain(shown.text), shown.tone) == (text, tone)
    assert plain(wording_en.deadline(NOW + left, MOSCOW, NOW).text) == english


def test_a_stopped_clock_says_how_long_it_stands() -> None:
    shown = wording.deadline(NOW, MOSCOW, NOW, paused_at=NOW - timedelta(days=1, hours=3))
    assert (plain(shown.text), shown.tone) == ("пауза 1 день", "paused")

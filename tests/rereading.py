"""Reckons a deadline again from its sentence alone, as a customer with a calendar on the wall would."""

import re
from datetime import date, datetime, timedelta

from app.moments import NBSP
from app.promises import Ground, Statement
from tests.desk_clock import minute_of, run_out
from tests.working_hours import OFFICE

AMOUNT = re.compile(r"(?:(\d+) (?:рабоч\w+ )?час\w*)?(?: ?(\d+) (?:рабоч\w+ )?минут\w*)?")
WAITED = re.compile(r"(?:минус|плюс) (?:(\d+) ч)?(?: ?(\d+) мин)? ожидания")
WHEN = r"(пн|вт|ср|чт|пт|сб|вс)(?:, (\d+) (\w{3})(?: (\d{4}))?,)? (\d+):(\d\d)"
WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
MONTHS = ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")


def reread(statement: Statement) -> int:
    """Reckon the deadline again from nothing but the sentence and the day on which it was said."""
    said, basis = statement.why.replace(NBSP, " "), statement.basis
    found = re.search(rf"(?:с|на|заявки|срок) {WHEN}", said)
    assert found is not None, said
    since = minute_of(dated(found, statement.stated_at))
    extra = sum(int(hours or 0) * 60 + int(minutes or 0) for hours, minutes in WAITED.findall(said))
    if basis.ground in (Ground.MOVED, Ground.MERGED, Ground.PREVIOUS):
        if basis.round_the_clock:
            return since + extra
        return run_out(since, extra) if extra else since
    amount = AMOUNT.search(said, re.search(r"\d", said).start())
    assert amount is not None
    promised = int(amount[1] or 0) * 60 + int(amount[2] or 0)
    return since + promised if "срочн" in said.split("срочность снята")[0] else run_out(since, promised + extra)


def dated(found: re.Match[str], said_at: datetime) -> datetime:
    weekday, day, month, year, hour, minute = found.groups()
    local = said_at.astimezone(OFFICE.zone)
    if day:
        named = date(int(year or local.year), MONTHS.index(month) + 1, int(day))
        assert WEEKDAYS[named.weekday()] == weekday
    else:
        ahead = (WEEKDAYS.index(weekday) - local.weekday() + 3) % 7 - 3
        named = local.date() + timedelta(days=ahead)
    return datetime(named.year, named.month, named.day, int(hour), int(minute), tzinfo=OFFICE.zone)

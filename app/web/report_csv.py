"""Reports as files for a spreadsheet, written as they are read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Response

from app.models.words import State, Urgency
from app.reading.report_page import by_name
from app.reports import lists, load, overview, tables
from app.reports.lists import Wanted
from app.reports.promises import Figures
from app.reports.scope import Dimension
from app.reports.spread import Spread
from app.reports.tables import Line
from app.web import csv_files
from app.web.csv_files import Row
from app.web.csv_files import moment as _moment
from app.web.report_filters import Asked
from app.web.report_words import CHANNELS, DIMENSIONS
from app.wording import WEEKDAYS

_STATES = {
    State.NEW: "новая",
    State.OPEN: "в работе",
    State.WAITING: "ждёт клиента",
    State.SOLVED: "решена",
    State.CLOSED: "закрыта",
}
_TABLES = {
    "companies": Dimension.COMPANY,
    "engineers": Dimension.ENGINEER,
    "channels": Dimension.CHANNEL,
    "contracts": Dimension.CONTRACT,
}


def answer(name: str, wish: Asked, wanted: Wanted | None) -> Response | None:
    """The file of that name; None where there is none."""
    rows: Iterator[Row]
    if wanted is not None:
        rows = _requests(wish, wanted)
    elif name in _TABLES:
        rows = _lines(_TABLES[name], wish)
    elif name in _FEW:
        rows = _FEW[name](wish)
    else:
        return None
    return csv_files.answer(f"{name}-{wish.period.first}-{wish.period.last}.csv", rows)


def _requests(wish: Asked, wanted: Wanted) -> Iterator[Row]:
    yield (
        *("Номер", "Тема", "Состояние", "Срочная", "Канал", "Компания", "Договор", "Инженер", "Пришла", "Решена"),
        *("Первый ответ, рабочих минут", "Решение, рабочих минут", "Открыта заново, раз", "Оценка", "Момент"),
    )
    for row in lists.every(wanted, wish.period, wish.scope):
        yield (
            *(row.number, row.title, _STATES[row.state], "да" if row.urgency is Urgency.URGENT else ""),
            *(CHANNELS[row.channel], row.company_name, row.contract, row.engineer),
            *(_moment(row.created_at), _moment(row.solved_at)),
            *(_minutes(row.answer_work), _minutes(row.solution_work), row.reopened_count, row.rating, _moment(row.at)),
        )


def _lines(dimension: Dimension, wish: Asked) -> Iterator[Row]:
    yield (
        *(DIMENSIONS[dimension][1], "Пришло", "Решено", "Срок выдержан", "Срок не выдержан", "В срок, %"),
        *("Первый ответ: медиана, мин", "9 из 10 быстрее, мин", "Решение: медиана, мин", "9 из 10 быстрее, мин"),
        *("Открыты заново", "Оценок", "Оценка", "В очереди, ч", "У инженеров, ч", "У третьих лиц, ч", "У клиента, ч"),
    )
    for line in by_name(tables.lines(dimension, wish.period, wish.scope)):
        yield (_name(dimension, line), line.came, line.solved, *_kept(line.kept), *_spread(line.answer),
               *_spread(line.solution), line.reopened, line.rated, _figure(line.rating), *_court(line))  # fmt: skip


def _overview(wish: Asked) -> Iterator[Row]:
    yield "Показатель", "Значение", "Из скольких", "Прошлое значение", "Из скольких"
    columns = [overview.overview(wish.period, wish.scope)]
    columns += [overview.overview(wish.before, wish.scope)] if wish.before else []
    told: list[tuple[str, Any]] = [
        ("Решено в срок, %", lambda one: (_share(one.solutions), one.solutions.judged)),
        ("Первый ответ в срок, %", lambda one: (_share(one.answers), one.answers.judged)),
        ("Срочные в срок", lambda one: (one.urgent.kept, one.urgent.judged)),
        ("Первый ответ: медиана, мин", lambda one: (_spread(one.first_answer)[0], one.first_answer.count)),
        ("Первый ответ: 9 из 10 быстрее, мин", lambda one: (_spread(one.first_answer)[1], one.first_answer.count)),
        ("Решение: медиана, мин", lambda one: (_spread(one.solution)[0], one.solution.count)),
        ("Решение: 9 из 10 быстрее, мин", lambda one: (_spread(one.solution)[1], one.solution.count)),
        ("Оценка", lambda one: (_figure(one.ratings.mean), one.ratings.count)),
        ("Оценили, из решённых", lambda one: (one.ratings.count, one.solved)),
        ("Открывались заново, из решённых", lambda one: (one.reopened, one.solved)),
        ("Пришло заявок", lambda one: (one.came, one.came)),
    ]
    for name, figure in told:
        yield name, *(cell for one in columns for cell in figure(one))


def _days(wish: Asked) -> Iterator[Row]:
    found = load.load(wish.period, wish.scope)
    yield "День", "Пришло", "Просрочено"
    for day in sorted(found.days.keys() | found.broken.keys()):
        yield day.isoformat(), found.days[day], found.broken[day]


def _hours(wish: Asked) -> Iterator[Row]:
    found = load.load(wish.period, wish.scope)
    yield "Час", *WEEKDAYS, "Всего"
    for hour in range(24):
        yield f"{hour}:00", *(found.week[weekday, hour] for weekday in range(7)), found.hours[hour]


_FEW = {"overview": _overview, "days": _days, "hours": _hours}


def _name(dimension: Dimension, line: Line) -> str:
    if line.key is None:
        return DIMENSIONS[dimension][2]
    return CHANNELS[line.key] if dimension is Dimension.CHANNEL else line.name  # type: ignore[index]


def _kept(kept: Figures) -> tuple[object, ...]:
    return kept.kept, kept.broken, _share(kept)


def _share(kept: Figures) -> str:
    return "" if kept.share is None else f"{kept.share * 100:.1f}".replace(".", ",")


def _spread(spread: Spread) -> tuple[object, object]:
    return (_whole(spread.median), _whole(spread.nine))


def _court(line: Line) -> list[str]:
    parts = line.court.parts() if line.court else []
    return [f"{time / timedelta(hours=1):.1f}".replace(".", ",") for _holder, time, _share in parts]


def _whole(time: timedelta | None) -> object:
    return None if time is None else time // timedelta(minutes=1)


def _minutes(seconds: int | None) -> int | None:
    return None if seconds is None else seconds // 60


def _figure(number: float | None) -> str:
    return "" if number is None else f"{number:.2f}".replace(".", ",")

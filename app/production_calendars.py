"""Production calendars of countries: which dates a government closes, opens or shortens."""

import json
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

_FILES = {"RU": Path(__file__).parent / "data" / "production_calendar_ru.json"}

CODES = frozenset(_FILES)
_KEPT = ("decree", "days_off", "working_weekend_days", "short_days")


@dataclass(frozen=True, slots=True)
class ProductionCalendar:
    """The dates of the years that a government has decided upon; `sources` names each year's decree.

    Every other year is unknown and makes a promise provisional.
    """

    code: str
    sources: dict[int, str]
    days_off: frozenset[date]
    working_weekend_days: frozenset[date]
    short_days: frozenset[date]
    titles: dict[date, str] = field(default_factory=dict, compare=False)  # what the government calls a day


@cache
def production_calendar(code: str) -> ProductionCalendar:
    """Load a shipped calendar by its country code ("RU"); raise ValueError on an unknown code."""
    years = _shipped(code)
    named = [data[key] for data in years.values() for key in ("days_off", "working_weekend_days")]
    titles = {date.fromisoformat(day): title for days in named for day, title in days.items()}
    return _of_years(code, years, titles)


@lru_cache(maxsize=300)
def kept_years(code: str, known: str = "") -> str:
    """Years as a calendar keeps them in the database, so that a new version of the program moves none of its days.

    Those that ``known`` has stay as they are there; the rest comes from the shipped file.
    """
    years = {year: {key: _listed(data[key]) for key in _KEPT} for year, data in _shipped(code).items()}
    return json.dumps(years | json.loads(known or "{}"), ensure_ascii=False, sort_keys=True)


def with_shipped_year(code: str, known: str, year: int) -> str:
    """The kept years with one of them as the shipped file has it now."""
    years = json.loads(known or "{}")
    years.pop(str(year), None)
    chosen = json.loads(kept_years(code))
    return json.dumps(years | {str(year): chosen[str(year)]}, ensure_ascii=False, sort_keys=True)


@lru_cache(maxsize=50)
def of_kept_years(code: str, known: str) -> ProductionCalendar:
    """The calendar that ``kept_years`` wrote; the shipped one where nothing was kept."""
    shipped = production_calendar(code)
    return _of_years(code, json.loads(known), shipped.titles) if known else shipped


@cache
def _shipped(code: str) -> dict[str, dict[str, Any]]:
    if code not in _FILES:
        raise ValueError(f"there is no production calendar {code!r}, only {', '.join(sorted(CODES))}")
    years: dict[str, dict[str, Any]] = json.loads(_FILES[code].read_text("utf-8"))["years"]
    return years


def _of_years(code: str, years: dict[str, dict[str, Any]], titles: dict[date, str]) -> ProductionCalendar:
    return ProductionCalendar(
        code=code,
        sources={int(year): data["decree"] for year, data in years.items()},
        days_off=_dates(years, "days_off"),
        working_weekend_days=_dates(years, "working_weekend_days"),
        short_days=_dates(years, "short_days"),
        titles=titles,
    )


def _listed(value: Any) -> Any:
    return value if isinstance(value, str) else sorted(value)


def _dates(years: dict[str, dict[str, Any]], key: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for data in years.values() for day in data[key])

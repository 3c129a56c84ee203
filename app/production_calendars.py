"""Production calendars of countries: which dates a government closes, opens or shortens."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

_FILES = {"RU": Path(__file__).parent / "data" / "production_calendar_ru.json"}

CODES = frozenset(_FILES)


@dataclass(frozen=True, slots=True)
class ProductionCalendar:
    """The dates of the years that a government has decided upon; `sources` names each year's decree."""

    code: str
    sources: dict[int, str]
    days_off: frozenset[date]
    working_weekend_days: frozenset[date]
    short_days: frozenset[date]

    @property
    def years(self) -> frozenset[int]:
        """The years with data; every other year is unknown and makes a promise provisional."""
        return frozenset(self.sources)


@cache
def production_calendar(code: str) -> ProductionCalendar:
    """Load a shipped calendar by its country code ("RU"); raise ValueError on an unknown code."""
    if code not in _FILES:
        raise ValueError(f"there is no production calendar {code!r}, only {', '.join(sorted(CODES))}")
    years: dict[str, dict[str, Any]] = json.loads(_FILES[code].read_text("utf-8"))["years"]
    return ProductionCalendar(
        code=code,
        sources={int(year): data["decree"] for year, data in years.items()},
        days_off=_dates(years, "days_off"),
        working_weekend_days=_dates(years, "working_weekend_days"),
        short_days=_dates(years, "short_days"),
    )


def _dates(years: dict[str, dict[str, Any]], key: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for data in years.values() for day in data[key])

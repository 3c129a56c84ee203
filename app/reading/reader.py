"""For whom a page is read: who it is, when, and in which words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from types import ModuleType

from app import wording
from app.moments import Deadline
from app.translate import _


@dataclass(frozen=True, slots=True)
class Reader:
    """A member of staff at a moment. ``words`` is the wording module of their language."""

    staff_id: int | None
    at: datetime
    zone: tzinfo
    words: ModuleType = wording

    @property
    def is_russian(self) -> bool:
        return self.words is wording

    def deadline(self, due_at: datetime, paused_at: datetime | None = None) -> Deadline:
        return self.words.deadline(due_at, self.zone, self.at, paused_at)  # type: ignore[no-any-return]

    def moment(self, at: datetime) -> str:
        return str(self.words.moment(at, self.zone, self.at))

    def short_moment(self, at: datetime) -> str:
        return str(self.words.moment_short(at, self.zone, self.at))

    def clock_time(self, at: datetime) -> str:
        return str(self.words.clock_time(at, self.zone))

    def time_or_day(self, at: datetime) -> str:
        """«9:31» today, with its day otherwise."""
        is_today = at.astimezone(self.zone).date() == self.at.astimezone(self.zone).date()
        return self.clock_time(at) if is_today else self.short_moment(at)

    def changed(self, at: datetime, name: str | None) -> str:
        """«изменено вчера в 14:10, Мария Кузнецова»; None: by nobody of the staff."""
        when = self.short_moment(at)
        return _("изменено %(when)s, %(name)s", when=when, name=name) if name else _("изменено %(when)s", when=when)

    def amount(self, start: datetime, end: datetime) -> str:
        return str(self.words.duration(end - start))

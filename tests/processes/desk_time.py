"""A whole desk's clock, moved while it runs: all its processes read the same moment from then on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path


class DeskTime:
    """The moment that a desk's processes read. Only ``app.clock`` is moved: sockets, Redis and sleeps keep true time.

    libfaketime 0.9.10 cannot do this to Python 3.11: it moves either both clocks, and locks that wait for the
    monotonic one never wake, or one, and ``time.sleep`` fails.
    """

    def __init__(self, file: Path, begin: datetime) -> None:
        self._file = file
        self._ahead = begin - datetime.now(UTC)
        self._write()

    @property
    def environment(self) -> dict[str, str]:
        folder = Path(__file__).parent / "moved_clock"
        return {"PYTHONPATH": str(folder), "CLOCK_AHEAD": str(self._file)}

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def pass_by(self, time: timedelta) -> None:
        self._ahead += time
        self._write()

    def go_to(self, moment: datetime) -> None:
        self.pass_by(moment - self.now())

    def _write(self) -> None:
        partial = self._file.with_suffix(".part")
        partial.write_text(str(self._ahead.total_seconds()), encoding="ascii")
        partial.rename(self._file)


def next_monday_morning() -> datetime:
    """A Monday after now, 10:00 in Moscow: in service hours, and later than any cookie of this machine's time."""
    today = datetime.now(UTC).replace(hour=7, minute=0, second=0, microsecond=0)
    return today + timedelta(days=7 - today.weekday())

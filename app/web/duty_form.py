"""Forms of the roster: moments by the firm's clock, read leniently; what was typed stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from app.config import settings
from app.duty.absences import Away
from app.duty.shifts import Wanted
from app.errors import IntakeRejected
from app.models.duty import DutyAbsence, DutyRole, DutyShift
from app.rows import typed_id
from app.web.translate import _

_MOMENTS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M")
_DATES = ("%Y-%m-%d", "%d.%m.%Y")
_TIMES = ("%H:%M", "%H.%M", "%H")
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


def wanted(typed: Mapping[str, str]) -> Wanted:
    """A shift as typed; IntakeRejected names each wrong field."""
    errors: dict[str, str] = {}
    staff_id = _person(typed.get("staff", ""))
    if not staff_id:
        errors["staff"] = _("Выберите, кто дежурит.")
    role = typed.get("role", "")
    if role not in set(DutyRole):
        errors["role"] = _("Выберите: первый или второй.")
    starts_at, ends_at = (_moment(typed, name, errors) for name in ("starts", "ends"))
    if errors or starts_at is None or ends_at is None:
        raise IntakeRejected(errors)
    return Wanted(staff_id, DutyRole(role), starts_at, ends_at)


def away(typed: Mapping[str, str]) -> Away:
    """An absence as typed: days from the first to the last, both included, or hours of them."""
    errors: dict[str, str] = {}
    staff_id, substitute_id = _person(typed.get("staff", "")), _person(typed.get("substitute", ""))
    if not staff_id:
        errors["staff"] = _("Выберите, кто отсутствует.")
    first = _date(typed, "starts", errors)
    last = _date(typed, "ends", errors) if typed.get("ends", "").strip() else first
    since, until = _hour(typed, "since", errors), _hour(typed, "until", errors)
    if errors or first is None or last is None:
        raise IntakeRejected(errors)
    starts = datetime.combine(first, since or time())
    ends = datetime.combine(last, until) if until else datetime.combine(last + timedelta(days=1), time())
    starts_at, ends_at = _in_zone(starts, "since", errors), _in_zone(ends, "until", errors)
    if starts_at is None or ends_at is None:
        raise IntakeRejected(errors)
    return Away(staff_id, substitute_id or None, starts_at, ends_at, " ".join(typed.get("reason", "").split()))


def of_shift(shift: DutyShift) -> dict[str, str]:
    """A shift as its form shows it."""
    return {
        "staff": str(shift.staff_id),
        "role": shift.role.value,
        "starts": shown(shift.starts_at),
        "ends": shown(shift.ends_at),
    }


def of_absence(absence: DutyAbsence) -> dict[str, str]:
    """An absence as its form shows it: whole days without their hours."""
    known = of_stretch(absence.starts_at, absence.ends_at)
    substitute = str(absence.substitute_id or "")
    return {"staff": str(absence.staff_id), "substitute": substitute, "reason": absence.reason, **known}


def of_stretch(starts_at: datetime, ends_at: datetime) -> dict[str, str]:
    """A stretch of time in the fields of an absence."""
    starts, ends = (moment.astimezone(settings().time_zone) for moment in (starts_at, ends_at))
    is_whole = ends.time() == time()
    return {
        "starts": starts.date().isoformat(),
        "ends": (ends.date() - timedelta(days=1) if is_whole else ends.date()).isoformat(),
        "since": "" if starts.time() == time() else f"{starts:%H:%M}",
        "until": "" if is_whole else f"{ends:%H:%M}",
    }


def shown(moment: datetime) -> str:
    """As a field of day and time takes it."""
    return f"{moment.astimezone(settings().time_zone):%Y-%m-%dT%H:%M}"


def moment_of(text: str) -> datetime | None:
    """A moment of an address; None for what is none."""
    errors: dict[str, str] = {}
    return _moment({"moment": text}, "moment", errors)


def monday_of(text: str, today: date) -> date:
    """The Monday of the week of a typed day, or of today."""
    day = _date({"day": text}, "day", {}) or today
    return day - timedelta(days=day.weekday())


def _person(text: str) -> int:
    return typed_id(text) or 0


def _moment(typed: Mapping[str, str], name: str, errors: dict[str, str]) -> datetime | None:
    naive = _read(typed.get(name, ""), _MOMENTS)
    if naive is None:
        errors[name] = _("Напишите день и время. Пример: %(example)s", example="30.11.2026 9:00")
        return None
    return _in_zone(naive, name, errors)


def _in_zone(naive: datetime, name: str, errors: dict[str, str]) -> datetime | None:
    """By the firm's clock; an hour that is there twice is the first of the two."""
    zone = settings().time_zone
    moment = naive.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != naive:
        errors[name] = _("Такого времени не бывает: в эту ночь часы переводят вперёд. Сдвиньте на час.")
        return None
    return moment


def _date(typed: Mapping[str, str], name: str, errors: dict[str, str]) -> date | None:
    read = _read(typed.get(name, ""), _DATES)
    if read is None:
        errors[name] = _("Напишите день. Пример: %(example)s", example="30.11.2026")
    return read.date() if read else None


def _hour(typed: Mapping[str, str], name: str, errors: dict[str, str]) -> time | None:
    text = typed.get(name, "").strip()
    for form in _TIMES if text else ():
        try:
            return datetime.strptime(text, form).time()  # noqa: DTZ007  an hour of the firm's clock
        except ValueError:
            continue
    if text:
        errors[name] = _("Напишите время. Пример: %(example)s", example="9:00")
    return None


def _read(text: str, forms: tuple[str, ...]) -> datetime | None:
    for form in forms:
        try:
            read = datetime.strptime(text.strip(), form)  # noqa: DTZ007  the firm's zone comes later
        except ValueError:
            continue
        return read if _FIRST_YEAR <= read.year <= _LAST_YEAR else None
    return None

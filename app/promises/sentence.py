"""«Почему такой срок»: the one function that writes the sentence shown in letters, pages, bot and API alike."""

from datetime import datetime
from zoneinfo import ZoneInfo

from app.models.words import PromiseKind, Urgency
from app.promises.basis import Basis, Ground, PromiseCause
from app.wording import hours, plural, weekday_moment, work_amount

_MINUTE = 60


def why(basis: Basis, public: bool = False) -> str:
    """Say where the deadline comes from; `public` leaves out the contract's number and an engineer's own words."""
    parts = [_ground(basis, public), *_waited(basis), *_urgency(basis), _turn(basis, public)]
    return ", ".join(part for part in parts if part)


def _ground(basis: Basis, public: bool) -> str:
    match basis.ground:
        case Ground.MOVED:
            return f"срок перенесён на {_when(basis, basis.fixed)}{_reason(basis, public)}"
        case Ground.MERGED:
            return f"срок присоединённой заявки {_when(basis, basis.fixed)}, он был раньше"
        case Ground.PREVIOUS:
            return f"прежний срок {_when(basis, basis.fixed)}"
        case Ground.REOPENED:
            note = "наименьший срок после открытия заново" if basis.is_least else "заявка открыта заново"
            return f"{_left(basis)}{_amount(basis)}{_contract(basis, public)} с {_when(basis, basis.start)}, {note}"
    return f"{_amount(basis)}{_purpose(basis)}{_contract(basis, public)} с {_when(basis, basis.start)}"


def _amount(basis: Basis) -> str:
    return work_amount(basis.allowance, basis.round_the_clock)


def _left(basis: Basis) -> str:
    if basis.is_least:
        return ""
    whole, minutes = divmod(int(basis.allowance.total_seconds()) // _MINUTE, 60)
    if whole:
        return plural(whole, "остался ", "осталось ", "осталось ")
    return plural(minutes, "осталась ", "осталось ", "осталось ")


def _purpose(basis: Basis) -> str:
    if basis.kind is PromiseKind.SOLUTION:
        return ""
    return " на начало работы" if basis.urgency is Urgency.URGENT else " на первый ответ"


def _contract(basis: Basis, public: bool) -> str:
    if basis.round_the_clock:
        return ""
    if basis.contract is None:
        return " по общим условиям"
    return " по вашему договору" if public else f" по договору {basis.contract}"


def _waited(basis: Basis) -> list[str]:
    third_party = basis.waited_third_party
    waits = ((basis.waited - third_party, "вашего ответа"), (third_party, "другой организации по условиям договора"))
    sign = "плюс" if basis.fixed else "минус"
    return [f"{sign} {hours(amount)} ожидания {whom}" for amount, whom in waits if amount.total_seconds() >= _MINUTE]


def _urgency(basis: Basis) -> list[str]:
    if basis.urgency is Urgency.NORMAL or basis.ground in (Ground.MOVED, Ground.MERGED):
        return []
    if basis.ground is Ground.PREVIOUS:
        return [f"он ближе, чем {_amount(basis)} для срочной заявки"] if basis.cause is PromiseCause.URGENT else []
    name = "заявка объявлена срочной" if basis.cause is PromiseCause.URGENT else "срочная заявка"
    return [name, "если это технически возможно"] if basis.kind is PromiseKind.SOLUTION else [name]


def _turn(basis: Basis, public: bool) -> str:
    if basis.cause is PromiseCause.STANDARD:
        return f"срочность снята {_when(basis, basis.stated_at)}"
    if basis.cause is PromiseCause.TERMS:
        return f"условия уточнены {_when(basis, basis.stated_at)}{_reason(basis, public)}"
    return ""


def _reason(basis: Basis, public: bool) -> str:
    return f": {' '.join(basis.reason.split()).rstrip('.')}" if basis.reason and not public else ""


def _when(basis: Basis, at: datetime | None) -> str:
    return weekday_moment(at or basis.start, ZoneInfo(basis.zone), basis.stated_at)

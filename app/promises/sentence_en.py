"""Why this date, in English: the twin of app.promises.sentence for English readers."""

from datetime import datetime
from zoneinfo import ZoneInfo

from app.models.words import PromiseKind, Urgency
from app.promises.basis import Basis, Ground, PromiseCause
from app.wording_en import hours, weekday_moment, work_amount

_MINUTE = 60


def why_en(basis: Basis, public: bool = False) -> str:
    """Say where the deadline comes from; `public` leaves out the contract's number and an engineer's own words."""
    parts = [_ground(basis, public), *_waited(basis), *_urgency(basis), _turn(basis, public)]
    return ", ".join(part for part in parts if part)


def _ground(basis: Basis, public: bool) -> str:
    match basis.ground:
        case Ground.MOVED:
            return f"the deadline was moved to {_when(basis, basis.fixed)}{_reason(basis, public)}"
        case Ground.MERGED:
            return f"the deadline of the request that joined, {_when(basis, basis.fixed)}, which was earlier"
        case Ground.PREVIOUS:
            return f"the deadline promised before, {_when(basis, basis.fixed)}"
        case Ground.REOPENED:
            note = "the least after a reopening" if basis.is_least else "the request was reopened"
            left = "" if basis.is_least else " left"
            return f"{_amount(basis)}{left}{_contract(basis, public)} from {_when(basis, basis.start)}, {note}"
    return f"{_amount(basis)}{_purpose(basis)}{_contract(basis, public)} from {_when(basis, basis.start)}"


def _amount(basis: Basis) -> str:
    return work_amount(basis.allowance, basis.round_the_clock)


def _purpose(basis: Basis) -> str:
    if basis.kind is PromiseKind.SOLUTION:
        return ""
    return " to be taken" if basis.urgency is Urgency.URGENT else " for the first answer"


def _contract(basis: Basis, public: bool) -> str:
    if basis.round_the_clock:
        return ""
    if basis.contract is None:
        return " under the general terms"
    return " under your contract" if public else f" under contract {basis.contract}"


def _waited(basis: Basis) -> list[str]:
    third_party = basis.waited_third_party
    waits = ((basis.waited - third_party, "your answer"), (third_party, "another company, as the contract has it"))
    sign = "plus" if basis.fixed else "less"
    said = [(amount, whom) for amount, whom in waits if amount.total_seconds() >= _MINUTE]
    return [f"{sign} {hours(amount)} of waiting for {whom}" for amount, whom in said]


def _urgency(basis: Basis) -> list[str]:
    if basis.urgency is Urgency.NORMAL or basis.ground in (Ground.MOVED, Ground.MERGED):
        return []
    if basis.ground is Ground.PREVIOUS:
        return [f"sooner than {_amount(basis)} for an urgent request"] if basis.cause is PromiseCause.URGENT else []
    name = "declared urgent" if basis.cause is PromiseCause.URGENT else "urgent request"
    return [name, "if technically possible"] if basis.kind is PromiseKind.SOLUTION else [name]


def _turn(basis: Basis, public: bool) -> str:
    if basis.cause is PromiseCause.STANDARD:
        return f"urgency withdrawn {_when(basis, basis.stated_at)}"
    if basis.cause is PromiseCause.TERMS:
        return f"terms corrected {_when(basis, basis.stated_at)}{_reason(basis, public)}"
    return ""


def _reason(basis: Basis, public: bool) -> str:
    return f": {' '.join(basis.reason.split()).rstrip('.')}" if basis.reason and not public else ""


def _when(basis: Basis, at: datetime | None) -> str:
    return weekday_moment(at or basis.start, ZoneInfo(basis.zone), basis.stated_at)

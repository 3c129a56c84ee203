"""Whom the desk calls at a moment: shifts half-open, the first before the next, substitutes, gaps."""

from __future__ import annotations

import pytest

from app import duty, outbox
from app.models import DutyRole
from tests.cast import alice, bob, masha
from tests.duty.rota import absence, shift
from tests.working_hours import moscow

pytestmark = pytest.mark.usefixtures("app")


def called(moment: str) -> list[str]:
    return [one.email.partition("@")[0] for one in duty.on_duty(moscow(moment))]


def test_an_empty_roster_calls_nobody() -> None:
    assert called("2026-12-01T12:00") == []
    assert duty.owner(moscow("2026-12-01T12:00")) is None
    assert not duty.is_kept()


def test_a_shift_begins_at_its_first_minute_and_ends_before_its_last() -> None:
    shift(alice(), "2026-12-01T09:00", "2026-12-02T09:00")
    shift(bob(), "2026-12-02T09:00", "2026-12-03T09:00")
    assert called("2026-12-01T08:59") == []
    assert called("2026-12-01T09:00") == ["alice"]
    assert called("2026-12-02T08:59") == ["alice"]
    assert called("2026-12-02T09:00") == ["bob"]
    assert called("2026-12-03T09:00") == []
    assert duty.is_kept()


def test_the_owner_is_called_first_whoever_began_earlier() -> None:
    shift(bob(), "2026-12-01T00:00", "2026-12-08T00:00", DutyRole.NEXT)
    shift(alice(), "2026-12-01T09:00", "2026-12-02T09:00")
    assert called("2026-12-01T12:00") == ["alice", "bob"]
    assert called("2026-12-01T03:00") == ["bob"]  # alone, the second answers for the pool
    owner = duty.owner(moscow("2026-12-01T03:00"))
    assert owner
    assert owner.id == bob().id


def test_who_is_away_is_replaced_or_left_out() -> None:
    shift(alice(), "2026-12-01T09:00", "2026-12-02T09:00")
    shift(bob(), "2026-12-01T09:00", "2026-12-02T09:00", DutyRole.NEXT)
    absence(alice(), "2026-12-01T12:00", "2026-12-01T15:00", masha())
    absence(bob(), "2026-12-01T14:00", "2026-12-01T18:00")
    assert called("2026-12-01T11:00") == ["alice", "bob"]
    assert called("2026-12-01T12:00") == ["masha", "bob"]
    assert called("2026-12-01T14:30") == ["masha"]
    assert called("2026-12-01T15:00") == ["alice"]
    assert called("2026-12-01T18:00") == ["alice", "bob"]


def test_a_substitute_who_is_on_duty_already_is_called_once() -> None:
    shift(alice(), "2026-12-01T09:00", "2026-12-02T09:00")
    shift(bob(), "2026-12-01T09:00", "2026-12-02T09:00", DutyRole.NEXT)
    absence(alice(), "2026-12-01T09:00", "2026-12-02T09:00", bob())
    assert called("2026-12-01T12:00") == ["bob"]


def test_two_who_stand_in_for_each_other_are_both_away() -> None:
    shift(alice(), "2026-12-01T09:00", "2026-12-02T09:00")
    absence(alice(), "2026-12-01T09:00", "2026-12-02T09:00", bob())
    absence(bob(), "2026-12-01T12:00", "2026-12-02T09:00", alice())
    assert called("2026-12-01T10:00") == ["bob"]
    assert called("2026-12-01T13:00") == []


def test_who_left_the_firm_is_not_called() -> None:
    shift(alice(), "2026-12-01T09:00", "2026-12-02T09:00")
    shift(bob(), "2026-12-01T09:00", "2026-12-02T09:00", DutyRole.NEXT)
    alice().is_disabled = True
    outbox.commit()
    assert called("2026-12-01T12:00") == ["bob"]


def test_gaps_are_cut_to_the_stretch_and_joined() -> None:
    shift(alice(), "2026-12-01T09:00", "2026-12-02T09:00")
    shift(bob(), "2026-12-03T09:00", "2026-12-04T09:00")
    absence(bob(), "2026-12-03T09:00", "2026-12-03T12:00")
    start, end = moscow("2026-12-01T00:00"), moscow("2026-12-04T00:00")
    gaps = [(gap.starts_at, gap.ends_at) for gap in duty.read(start, end).gaps(start, end)]
    assert gaps == [
        (start, moscow("2026-12-01T09:00")),
        (moscow("2026-12-02T09:00"), moscow("2026-12-03T12:00")),
    ]

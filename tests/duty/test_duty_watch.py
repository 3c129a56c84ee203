"""Hours without anybody on duty are announced a week before, in service hours, once; filled, the warning goes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app import escalations, outbox
from app.duty_watch import watch
from app.extensions import db
from app.models import DutyChange, DutyChangeKind, DutyRole, Escalation
from app.troubles import Trouble
from tests.cast import acting, alice, bob, masha
from tests.duty.rota import absence, shift
from tests.working_hours import moscow


def warnings(moment: str) -> list[tuple[str, bool]]:
    watch(moscow(moment))
    query = db.session.query(Escalation).filter_by(subject=Trouble.ROSTER).order_by(Escalation.id)
    return [(one.text.replace("\u00a0", " "), one.resolved_at is not None) for one in query]


def settle_by_hand(moment: str) -> None:
    with outbox.transaction():
        standing = escalations.open_system(Trouble.ROSTER)
        assert standing
        escalations.resolve(standing, "Сам подежурю.", acting(masha()), moscow(moment))


@pytest.mark.usefixtures("app")
def test_nobody_misses_a_roster_that_was_never_begun() -> None:
    assert warnings("2026-12-02T12:00") == []


@pytest.mark.usefixtures("app")
def test_a_roster_that_runs_out_is_announced_a_week_before_and_once() -> None:
    shift(alice(), "2026-11-23T09:00", "2026-12-09T09:00")
    assert warnings("2026-12-02T08:59") == []
    assert warnings("2026-12-02T09:30") == [
        ("На эти часы нет дежурного: ср, 9 дек, 9:00 – ср, 9 дек, 9:30. Назначьте людей в графике дежурств.", False)
    ]
    later = warnings("2026-12-03T12:00")
    assert len(later) == 1
    assert "ср, 9 дек, 9:00 – чт, 10 дек, 12:00" in later[0][0]  # the same warning, told anew
    shift(bob(), "2026-12-09T09:00", "2026-12-16T09:00")
    assert [done for _text, done in warnings("2026-12-04T03:00")] == [True]
    assert [done for _text, done in warnings("2026-12-09T12:00")] == [True, False]  # the next end is a new warning


@pytest.mark.usefixtures("app")
def test_nobody_is_woken_for_a_gap_and_settled_by_hand_it_stays_settled() -> None:
    shift(alice(), "2026-11-23T09:00", "2026-12-09T09:00")
    assert warnings("2026-12-03T03:00") == []
    assert len(warnings("2026-12-03T12:00")) == 1
    settle_by_hand("2026-12-03T12:05")
    assert [done for _text, done in warnings("2026-12-07T12:00")] == [True]


@pytest.mark.usefixtures("app")
def test_settled_by_hand_it_comes_back_for_another_gap_and_for_a_roster_that_was_changed() -> None:
    shift(alice(), "2026-11-23T09:00", "2026-12-09T09:00")
    shift(bob(), "2026-12-10T00:00", "2026-12-11T00:00")
    assert len(warnings("2026-12-03T12:00")) == 1
    settle_by_hand("2026-12-03T12:05")
    assert len(warnings("2026-12-03T13:00")) == 1
    assert [done for _text, done in warnings("2026-12-07T12:00")] == [True, False]  # the 11th came into view
    settle_by_hand("2026-12-07T12:05")
    assert len(warnings("2026-12-07T13:00")) == 2
    with outbox.transaction():
        change = DutyChange(kind=DutyChangeKind.REMOVED, at=moscow("2026-12-07T13:30"), actor_name="Мария", data={})
        db.session.add(change)
    assert [done for _text, done in warnings("2026-12-07T14:00")] == [True, True, False]


@pytest.mark.usefixtures("app")
def test_an_absence_makes_a_gap_that_a_second_fills() -> None:
    shift(alice(), "2026-11-23T09:00", "2026-12-31T09:00")
    absence(alice(), "2026-12-05T00:00", "2026-12-07T00:00")
    assert "сб, 5 дек, 0:00 – пн, 7 дек, 0:00" in warnings("2026-12-02T12:00")[0][0]
    shift(bob(), "2026-12-04T09:00", "2026-12-08T09:00", DutyRole.NEXT)
    assert [done for _text, done in warnings("2026-12-02T12:01")] == [True]


def test_a_firm_may_mind_its_service_hours_alone(make_app: Callable[..., Flask]) -> None:
    with make_app(DUTY_ROUND_THE_CLOCK="off").app_context():
        for day in range(1, 9):
            shift(alice(), f"2026-12-{day:02}T09:00", f"2026-12-{day:02}T18:00")
        assert warnings("2026-12-01T12:00") == []
        assert warnings("2026-12-02T12:00") == [
            (
                "На эти часы нет дежурного: ср, 9 дек, 9:00 – ср, 9 дек, 12:00. Назначьте людей в графике дежурств.",
                False,
            )
        ]

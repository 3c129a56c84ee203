"""What is promised at first, how waiting pushes it, when it is near, and whether it was kept."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from app.durations import parse
from app.models.words import Urgency, UrgentClock
from app.moments import NBSP
from app.promises import (
    Statement,
    Terms,
    due_of,
    is_kept,
    on_registration,
    on_resume,
    on_urgent,
    why,
    why_en,
)
from tests.promised import CONTRACT, MONDAY, reaction, said, solution
from tests.working_hours import LUNCH, OFFICE, moscow, shown

COMMON = Terms(OFFICE)


def test_a_request_by_contract() -> None:
    assert said(solution(MONDAY)) == ("11-24T15:40", "8 рабочих часов по договору 118/2024 с пн 16:40")
    assert said(reaction(MONDAY)) == ("11-23T17:40", "1 рабочий час на первый ответ по договору 118/2024 с пн 16:40")


def test_a_stranger_never_reads_the_contract_number() -> None:
    given = solution(MONDAY)
    assert given.why_public.replace(NBSP, " ") == "8 рабочих часов по вашему договору с пн 16:40"
    assert why_en(given.basis).replace(NBSP, " ") == "8 working hours under contract 118/2024 from Mon 16:40"
    assert "118" not in why_en(given.basis, public=True)


def test_without_a_contract_the_common_terms_are_named() -> None:
    assert said(solution(MONDAY, terms=COMMON))[1] == "8 рабочих часов по общим условиям с пн 16:40"


def test_a_request_outside_service_hours_starts_at_the_next_opening() -> None:
    assert said(solution("2026-11-21T12:00")) == ("11-23T17:00", "8 рабочих часов по договору 118/2024 с пн 9:00")


def test_an_urgent_request_runs_round_the_clock() -> None:
    given = solution("2026-11-21T23:30", Urgency.URGENT)
    assert said(given) == ("11-22T01:30", "2 часа с сб 23:30, срочная заявка, если это технически возможно")
    assert said(reaction("2026-11-21T23:30", Urgency.URGENT)) == (
        "11-21T23:40",
        "10 минут на начало работы с сб 23:30, срочная заявка",
    )


def test_a_contract_may_keep_urgent_requests_to_service_hours() -> None:
    given = solution("2026-11-21T23:30", Urgency.URGENT, replace(CONTRACT, urgent_clock=UrgentClock.SERVICE_HOURS))
    assert said(given) == (
        "11-23T11:00",
        "2 рабочих часа по договору 118/2024 с пн 9:00, срочная заявка, если это технически возможно",
    )


def test_waiting_for_the_customer_pushes_the_solution() -> None:
    resumed = on_resume(solution(MONDAY), CONTRACT, moscow("2026-11-23T17:00"), moscow("2026-11-24T10:10"))
    assert said(resumed) == (
        "11-24T17:50",
        "8 рабочих часов по договору 118/2024 с пн 16:40, минус 2 ч 10 мин ожидания вашего ответа",
    )


def test_waiting_outside_service_hours_takes_nothing() -> None:
    resumed = on_resume(solution(MONDAY), CONTRACT, moscow("2026-11-23T18:00"), moscow("2026-11-24T09:00"))
    assert said(resumed) == ("11-24T15:40", "8 рабочих часов по договору 118/2024 с пн 16:40")


def test_several_waits_add_up() -> None:
    first = on_resume(solution(MONDAY), CONTRACT, moscow("2026-11-23T17:00"), moscow("2026-11-23T18:00"))
    assert first is not None
    second = on_resume(first, CONTRACT, moscow("2026-11-24T10:00"), moscow("2026-11-24T10:30"))
    assert said(second) == (
        "11-24T17:10",
        "8 рабочих часов по договору 118/2024 с пн 16:40, минус 1 ч 30 мин ожидания вашего ответа",
    )


def test_waiting_never_stops_a_reaction_nor_two_urgent_hours() -> None:
    paused, now = moscow("2026-11-23T16:50"), moscow("2026-11-23T17:20")
    assert on_resume(reaction(MONDAY), CONTRACT, paused, now) is None
    assert on_resume(solution(MONDAY, Urgency.URGENT), CONTRACT, paused, now) is None


def test_a_question_asked_after_the_deadline_does_not_save_it() -> None:
    assert on_resume(solution(MONDAY), CONTRACT, moscow("2026-11-24T15:40"), moscow("2026-11-25T10:00")) is None


def test_a_calendar_edited_meanwhile_rejudges_nothing() -> None:
    given = solution(MONDAY)
    edited = replace(CONTRACT, calendar=replace(LUNCH, name=OFFICE.name))
    resumed = on_resume(given, edited, moscow("2026-11-24T10:00"), moscow("2026-11-24T10:30"))
    assert said(resumed) == ("11-24T16:10", "прежний срок вт 15:40, плюс 30 мин ожидания вашего ответа")


def test_a_promise_over_unknown_days_is_provisional() -> None:
    assert solution("2027-12-30T16:40").provisional
    assert not solution("2027-12-30T16:40", Urgency.URGENT).provisional
    urgent = on_urgent(solution("2027-12-30T16:40"), CONTRACT, moscow("2028-01-03T15:00"))
    assert urgent is not None
    assert urgent.provisional  # it is the provisional deadline that came first


@pytest.mark.parametrize(
    ("at", "terms", "near"),
    [
        (MONDAY, CONTRACT, "11-24T15:10"),
        ("2026-11-23T10:30", CONTRACT, "11-24T09:00"),  # due 9:30: near at the opening, not at the closing before
        (MONDAY, replace(CONTRACT, solution=parse("1h")), "11-23T17:25"),  # a quarter is less
        (MONDAY, replace(CONTRACT, solution=parse("1h35m")), "11-23T17:51:15"),  # 23 min 45 s, 15 of them tomorrow
    ],
)
def test_near_is_reckoned_in_the_promise_own_working_time(at: str, terms: Terms, near: str) -> None:
    given = solution(at, terms=terms)
    assert given.near_at is not None
    assert shown(given.near_at)[5:] == near
    assert reaction(at).near_at is None


def test_done_in_the_second_of_the_deadline_is_kept() -> None:
    due_at = solution(MONDAY).due_at
    assert is_kept(due_at, due_at)
    assert is_kept(due_at, due_at + timedelta(microseconds=999_999))
    assert not is_kept(due_at, due_at + timedelta(seconds=1))


def test_a_statement_is_recalled_from_its_row() -> None:
    given = on_urgent(solution(MONDAY), CONTRACT, moscow("2026-11-24T11:00"))
    assert given is not None

    row = SimpleNamespace(**{name: getattr(given, name) for name in Statement.__slots__})
    row.basis = json.loads(json.dumps(given.basis.to_json()))
    recalled = Statement.recall(row)
    assert recalled == given
    assert due_of(recalled.basis, OFFICE) == given.due_at
    assert why(recalled.basis) == given.why


def test_the_moment_of_an_act_may_carry_fractions() -> None:
    at = datetime.fromisoformat("2026-11-23T16:40:00.700+03:00")
    assert on_registration(CONTRACT, Urgency.NORMAL, at)[1].due_at == solution(MONDAY).due_at

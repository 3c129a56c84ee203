"""How each turn of a request changes its promise: the traps of the clock as named cases."""

from dataclasses import replace

import pytest

from app.durations import parse
from app.models.words import Urgency
from app.promises import Pause, on_merge, on_move, on_reopen, on_resume, on_standard, on_terms, on_urgent
from tests.promised import CONTRACT, MONDAY, said, solution
from tests.working_hours import moscow


def test_declared_urgent_takes_the_earlier_of_two_hours_and_the_old_deadline() -> None:
    given = solution(MONDAY)
    assert said(on_urgent(given, CONTRACT, moscow("2026-11-24T11:00"))) == (
        "11-24T13:00",
        "2 часа с вт 11:00, заявка объявлена срочной, если это технически возможно",
    )
    assert said(on_urgent(given, CONTRACT, moscow("2026-11-24T14:30"))) == (
        "11-24T15:40",
        "прежний срок вт 15:40, он ближе, чем 2 часа для срочной заявки",
    )


def test_a_missed_deadline_is_not_mended_by_urgency() -> None:
    assert on_urgent(solution(MONDAY), CONTRACT, moscow("2026-11-24T15:41")) is None


def test_urgent_while_waiting_counts_the_old_deadline_with_the_wait() -> None:
    """The old deadline has passed by the calendar, but its clock stood still: two hours from now are the earlier."""
    given = solution(MONDAY)
    urgent = on_urgent(given, CONTRACT, moscow("2026-11-25T10:00"), paused_at=moscow("2026-11-23T17:00"))
    assert said(urgent)[0] == "11-25T12:00"
    nearly = on_urgent(given, CONTRACT, moscow("2026-11-25T10:00"), paused_at=moscow("2026-11-24T15:10"))
    assert said(nearly) == ("11-25T10:30", "прежний срок ср 10:30, он ближе, чем 2 часа для срочной заявки")


def test_urgency_withdrawn_gives_back_the_standard_deadline_with_every_wait() -> None:
    urgent = on_urgent(solution(MONDAY), CONTRACT, moscow("2026-11-24T10:00"))
    assert urgent is not None
    waits = [Pause(moscow("2026-11-24T10:10"), moscow("2026-11-24T10:40"))]
    assert said(on_standard(urgent, CONTRACT, waits, moscow("2026-11-24T11:00"))) == (
        "11-24T16:10",
        (
            "8 рабочих часов по договору 118/2024 с пн 16:40, минус 30 мин ожидания вашего ответа, "
            "срочность снята вт 11:00"
        ),
    )


def test_urgency_withdrawn_while_waiting_keeps_the_pause_and_counts_it_once() -> None:
    urgent = solution(MONDAY, Urgency.URGENT)
    asked = moscow("2026-11-23T17:00")
    standard = on_standard(urgent, CONTRACT, [Pause(asked, None)], moscow("2026-11-23T17:30"))
    assert standard is not None
    assert said(standard)[0] == "11-24T16:10"
    assert said(on_resume(standard, CONTRACT, asked, moscow("2026-11-23T18:00")))[0] == "11-24T16:40"


def test_urgency_withdrawn_never_brings_a_deadline_nearer() -> None:
    moved = on_move(
        solution(MONDAY, Urgency.URGENT), CONTRACT, moscow("2026-11-25T12:00"), "нет детали", moscow(MONDAY)
    )
    standard = on_standard(moved, CONTRACT, [], moscow("2026-11-23T17:00"))
    assert said(standard) == ("11-25T12:00", "прежний срок ср 12:00, срочность снята пн 17:00")


def test_reopened_goes_on_with_the_time_that_was_left() -> None:
    reopened = on_reopen(
        solution(MONDAY), CONTRACT, Urgency.NORMAL, moscow("2026-11-24T12:40"), moscow("2026-11-25T10:05")
    )
    assert said(reopened) == (
        "11-25T13:05",
        "осталось 3 рабочих часа по договору 118/2024 с ср 10:05, заявка открыта заново",
    )


def test_reopened_gets_at_least_the_minimum() -> None:
    late = on_reopen(solution(MONDAY), CONTRACT, Urgency.NORMAL, moscow("2026-11-26T12:00"), moscow("2026-11-26T20:00"))
    assert said(late) == (
        "11-27T11:00",
        "2 рабочих часа по договору 118/2024 с пт 9:00, наименьший срок после открытия заново",
    )
    urgent = solution(MONDAY, Urgency.URGENT)
    again = on_reopen(urgent, CONTRACT, Urgency.URGENT, moscow("2026-11-23T18:00"), moscow("2026-11-23T23:00"))
    assert said(again)[0] == "11-24T00:00"


def test_solved_while_waiting_the_time_left_is_that_of_the_question() -> None:
    asked, solved = moscow("2026-11-24T10:40"), moscow("2026-11-24T15:00")
    reopened = on_reopen(
        solution(MONDAY), CONTRACT, Urgency.NORMAL, solved, moscow("2026-11-25T10:00"), paused_at=asked
    )
    assert said(reopened)[0] == "11-25T15:00"


def test_a_corrected_company_never_makes_a_deadline_later_without_a_reason() -> None:
    given, now = solution(MONDAY), moscow("2026-11-23T17:00")
    slower = replace(CONTRACT, contract="7", solution=parse("16h"))
    assert on_terms(given, slower, moscow(MONDAY), [], now) is None
    later = on_terms(given, slower, moscow(MONDAY), [], now, reason="договор другой компании")
    assert said(later) == (
        "11-25T14:40",
        "16 рабочих часов по договору 7 с пн 16:40, условия уточнены пн 17:00: договор другой компании",
    )
    assert later is not None
    assert "другой компании" not in later.why_public
    faster = replace(CONTRACT, contract="8", solution=parse("4h"))
    assert said(on_terms(given, faster, moscow(MONDAY), [], now))[0] == "11-24T11:40"


def test_a_better_contract_found_too_late_counts_from_now() -> None:
    faster = replace(CONTRACT, contract="8", solution=parse("1h"))
    corrected = on_terms(solution(MONDAY), faster, moscow(MONDAY), [], moscow("2026-11-24T10:00"))
    assert said(corrected) == ("11-24T11:00", "1 рабочий час по договору 8 с вт 10:00, условия уточнены вт 10:00")


def test_corrected_while_waiting_keeps_the_pause() -> None:
    faster = replace(CONTRACT, contract="8", solution=parse("4h"))
    asked = moscow("2026-11-23T17:00")
    corrected = on_terms(solution(MONDAY), faster, moscow(MONDAY), [Pause(asked, None)], moscow("2026-11-23T17:30"))
    assert corrected is not None
    assert said(corrected)[0] == "11-24T12:10"
    assert said(on_resume(corrected, faster, asked, moscow("2026-11-23T18:00")))[0] == "11-24T12:40"


def test_corrected_after_a_long_wait_compares_clocks_and_not_dates() -> None:
    """The stated deadline lies in the past, but its clock stood still: a slower contract still may not be taken."""
    asked, now = moscow("2026-11-23T17:00"), moscow("2026-11-26T12:00")
    slower = replace(CONTRACT, contract="7", solution=parse("16h"))
    faster = replace(CONTRACT, contract="8", solution=parse("4h"))
    assert on_terms(solution(MONDAY), slower, moscow(MONDAY), [Pause(asked, None)], now) is None
    assert said(on_terms(solution(MONDAY), faster, moscow(MONDAY), [Pause(asked, None)], now))[0] == "11-26T15:40"


def test_an_engineer_moves_a_deadline_only_with_a_reason_and_ahead() -> None:
    given, now = solution(MONDAY), moscow("2026-11-24T10:00")
    moved = on_move(given, CONTRACT, moscow("2026-11-30T18:00"), "ждём деталь со склада.", now)
    assert said(moved) == ("11-30T18:00", "срок перенесён на пн, 30 ноя, 18:00: ждём деталь со склада")
    assert "деталь" not in moved.why_public
    with pytest.raises(ValueError, match="reason"):
        on_move(given, CONTRACT, moscow("2026-11-30T18:00"), "  ", now)
    with pytest.raises(ValueError, match="passed"):
        on_move(given, CONTRACT, now, "поздно", now)


def test_a_moved_deadline_waits_for_the_customer_too() -> None:
    moved = on_move(solution(MONDAY), CONTRACT, moscow("2026-11-25T12:00"), "нет детали", moscow("2026-11-23T17:00"))
    resumed = on_resume(moved, CONTRACT, moscow("2026-11-24T10:00"), moscow("2026-11-24T12:00"))
    assert said(resumed) == ("11-25T14:00", "срок перенесён на ср 12:00: нет детали, плюс 2 ч ожидания вашего ответа")


def test_a_deadline_on_a_sunday_waits_by_the_clock_on_the_wall() -> None:
    moved = on_move(solution(MONDAY), CONTRACT, moscow("2026-11-29T15:00"), "выезд", moscow("2026-11-27T12:00"))
    resumed = on_resume(moved, CONTRACT, moscow("2026-11-28T12:00"), moscow("2026-11-30T12:00"))
    assert said(resumed)[0] == "12-01T15:00"


def test_merged_requests_keep_the_earlier_deadline() -> None:
    early, late, now = solution(MONDAY), solution("2026-11-24T09:30"), moscow("2026-11-24T10:00")
    assert said(on_merge(late, early, CONTRACT, now)) == (
        "11-24T15:40",
        "срок присоединённой заявки вт 15:40, он был раньше",
    )
    assert on_merge(early, late, CONTRACT, now) is None
    assert on_merge(late, early, CONTRACT, moscow("2026-11-24T16:00")) is None

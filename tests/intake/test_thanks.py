"""Thanks that reopen nothing, and urgency in a first line."""

from __future__ import annotations

import pytest

from app.intake.thanks import is_only_thanks
from app.intake.urgency import first_line, is_urgent


@pytest.mark.parametrize("text", ["Спасибо", "спасибо!", "Большое спасибо :)", "Спасибо, всё работает.", "Thank you!"])
def test_thanks_are_recognised(text: str) -> None:
    assert is_only_thanks(text)


@pytest.mark.parametrize("text", ["Спасибо?", "Спасибо, но не работает", "Спасибо. И ещё касса", "", "Работает"])
def test_in_doubt_it_is_no_thanks(text: str) -> None:
    assert not is_only_thanks(text)


def test_thanks_with_a_file_are_more_than_thanks() -> None:
    assert not is_only_thanks("Спасибо", has_files=True)


@pytest.mark.parametrize("line", ["Срочно!", "СРОЧНАЯ заявка", "[urgent] till", "касса, срочно."])
def test_urgent_is_heard(line: str) -> None:
    assert is_urgent(line)


@pytest.mark.parametrize("line", ["не срочно", "Не  срочная", "несрочно", "срочность", "not urgent", "сверхсрочно", ""])
def test_urgent_is_not_misheard(line: str) -> None:
    assert not is_urgent(line)


def test_the_first_line_is_the_writers_own() -> None:
    assert first_line("\n> срочно\n\nкасса\nсрочно") == "касса"

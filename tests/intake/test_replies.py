"""How customers' mail programs reply: no word of theirs is folded, and nearly all quotes are."""

from __future__ import annotations

from itertools import islice

import pytest

from tests.intake import replies
from tests.intake.replies.__main__ import figures, spoken

SAMPLES = replies.read(replies.SAMPLES)


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.name for sample in SAMPLES])
def test_a_reply_shows_the_new_words_and_no_others(sample: replies.Sample) -> None:
    result = replies.measure(sample)
    assert not result.lost, result.shown
    assert not result.left, result.shown


def test_there_are_enough_samples_to_tell() -> None:
    held_out = replies.read(replies.HELD_OUT)
    assert len(SAMPLES) + len(held_out) >= 120
    assert len(held_out) >= 40


def test_replies_held_out_lose_no_words_and_are_rid_of_their_quotes() -> None:
    """Under 1 % of replies lose a word, over 90 % of quotes are folded, in samples the rules were not made for."""
    found = figures([replies.measure(sample) for sample in replies.read(replies.HELD_OUT)])
    assert found.losing < 0.01
    assert found.rid_of_quotes > 0.9


def test_words_of_others_in_all_forms_are_shown_without_the_quotes() -> None:
    """The demo's customers speak, in every form of a reply; every seventh of eleven thousand is looked at."""
    forms = replies.crossed([*SAMPLES, *replies.read(replies.HELD_OUT)], spoken())
    found = figures([replies.measure(sample) for sample in islice(forms, 0, None, 7)])
    assert found.replies > 1000
    assert found.losing < 0.01
    assert found.rid_of_quotes > 0.9

"""Our letters, when they come back as quotes: their first and last lines tell the desk what is its own."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from app import clock, notify, outbox, tickets
from app.intake.mime.markup import html_to_text
from app.intake.quotes import cut
from app.tickets import Contribution
from tests.cast import acting, alice, request_of_carol
from tests.notify.letters import html_of, text_of, to
from tests.notify.rows import CAROL

pytestmark = pytest.mark.usefixtures("quiet_desk")

WORDS = "На втором от окна, не мигает."


def carols_letters() -> list[EmailMessage]:
    """What Carol gets from the registration to the solution."""
    ticket, by = request_of_carol(), acting(alice())
    notify.run()
    tickets.take(ticket, by, clock.now())
    tickets.ask(ticket, Contribution("На каком компьютере?\n\nМигает ли лампочка?"), by, clock.now())
    outbox.commit()
    notify.run()
    tickets.solve(ticket, Contribution("Переустановили драйвер."), by, clock.now())
    outbox.commit()
    notify.run()
    return to(CAROL)


def test_a_quoted_letter_is_folded_and_words_below_it_are_not() -> None:
    letters = carols_letters()
    assert len(letters) == 3
    for letter in letters:
        for ours in (text_of(letter).strip(), html_to_text(html_of(letter))):
            assert cut(f"{WORDS}\n\n{ours}") == (WORDS, ours)
            below = f"{ours}\n\n{WORDS}"
            assert cut(f"Ольга:\n\n{below}") == (f"Ольга:\n\n{below}", "")


def test_the_first_line_is_known_when_a_program_has_translated_it() -> None:
    for letter in carols_letters():
        page = html_of(letter).replace("Ответьте выше этой строки", "Answer over this")
        assert cut(html_to_text(f"<p>{WORDS}</p>{page}"))[0] == WORDS

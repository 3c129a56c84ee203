"""Our own letters, come back to us or to another desk, begin no conversation of machines."""

from __future__ import annotations

import pytest

from app import clock, notify, outbox, tickets
from app.intake.classify import classify
from app.intake.mime.parse import parse
from app.models import LetterKind
from app.tickets import Contribution
from tests.cast import acting, alice, request_of_carol
from tests.notify.letters import kept_bytes

pytestmark = [pytest.mark.usefixtures("quiet_desk"), pytest.mark.trust("M8")]


def kinds(own: str) -> list[LetterKind]:
    return [classify(parse(raw), own={own}).kind for raw in kept_bytes()]


def test_our_own_letters_are_known_by_us_and_notices_by_every_desk() -> None:
    ticket = request_of_carol()
    tickets.solve(ticket, Contribution("Сделано"), acting(alice()), clock.now())
    outbox.commit()
    notify.run()
    assert set(kinds("info@stekspb.ru")) == {LetterKind.LOOP}
    assert set(kinds("help@elsewhere.example")) <= {LetterKind.LOOP, LetterKind.AUTO}


def test_an_engineers_reply_is_known_by_us() -> None:
    ticket = request_of_carol()
    tickets.reply(ticket, Contribution("Едем"), acting(alice()), clock.now())
    outbox.commit()
    notify.run()
    assert set(kinds("info@stekspb.ru")) == {LetterKind.LOOP}

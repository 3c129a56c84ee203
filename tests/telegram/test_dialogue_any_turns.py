"""Whatever comes in whatever order: nothing raises, no word is lost, and nobody reads of another's request."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.extensions import db
from app.intake.telegram.turn import Kind
from app.models import Channel, Message, Ticket
from app.presses import Press
from tests.cast import carol, request_of_carol
from tests.telegram.stranger import BEGINNINGS, Stranger

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.timeout(300)]  # a shared machine is slow at times

WORDS = st.sampled_from(
    [
        "да", "нет", "отмена", "новая заявка", "Мои заявки", "позвонить", "срочно", "не срочно", "обычная", "спасибо",
        "здравствуйте", "без файлов", "отправить", "исправить", "срочность", "что случилось", "контакты", "у меня",
        "ввести вручную", "пропустить", "-", "mallory@evil.example", "carol@neva-trade.example", "+7 900 555-01-44",
        "123456", "https://cloud.example/f", "/start", "/start junk", "/stop", "/new", "/my", "/cancel", "/нечто",
        "новая", "к заявке", "\u202e\u200b", " ", "a@", "@", "{own}", "{foreign}", "№ {own}", "%(number)s", "<b>&amp;",
    ]
)  # fmt: skip
NUMBERS = st.sampled_from(["own", "foreign", "junk", "key", ""])
VALUES = st.sampled_from(
    ["", "1", "5", "9", "yes", "no", "now", "new", "normal", "urgent", "what", "whose", "urgency", "files", "who"]
)
OF_REQUESTS = st.sampled_from([Press.CARD, Press.ADD, Press.URGENT, Press.REOPEN, Press.COMPLAIN, Press.RATE])
KINDS = st.sampled_from([kind for kind in Kind if kind not in {Kind.BUTTON, Kind.LEFT, Kind.CONTACT}])
ACTS = st.one_of(
    st.tuples(st.just("write"), WORDS),
    st.tuples(st.just("tell"), st.sampled_from([1, 2, 3, 60, 400])),
    st.tuples(st.just("press"), st.sampled_from(list(Press)), NUMBERS, VALUES),
    st.tuples(st.just("press"), OF_REQUESTS, st.just("own"), st.sampled_from(["", "1", "2", "4", "5", "now"])),
    st.tuples(st.just("press"), st.just(Press.CHOOSE), st.just("key"), st.sampled_from(["own", "foreign", "new"])),
    st.tuples(st.just("press_shown"), st.integers(0, 8)),
    st.tuples(st.just("press_shown"), st.integers(0, 30)),
    st.tuples(st.just("send"), KINDS, st.booleans()),
    st.tuples(st.just("send_too_large"), st.booleans()),
    st.tuples(st.just("share"), st.sampled_from(["+79005550144", "+79990001122"]), st.booleans()),
    st.tuples(st.just("reply"), st.integers(0, 30)),
    st.tuples(st.just("edit"), st.integers(1, 3)),
    st.tuples(st.just("leave"), st.booleans()),
    st.tuples(st.just("wait"), st.sampled_from([1, 4, 16, 60 * 24 * 4, 60 * 24 * 40])),
    st.tuples(st.just("desk"), st.sampled_from(["take", "ask", "reply", "solve", "close"])),
)


@pytest.mark.trust("I2")
@given(st.sampled_from(BEGINNINGS), st.lists(ACTS, min_size=5, max_size=25))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_turns_in_any_order(beginning: str, acts: list[tuple[Any, ...]]):
    foreign = db.session.scalars(select(Ticket).where(Ticket.channel == Channel.WEB)).first()
    foreign = foreign or request_of_carol(text="Канарейка поёт в серверной")
    assert not carol().is_phone_confirmed
    stranger = Stranger(foreign)
    stranger.begin(beginning)
    for act in acts:
        stranger.do(*act)
    messages = db.session.scalars(select(Message).where(Message.ticket_id == foreign.id))
    assert {message.channel for message in messages} == {Channel.WEB}, "nobody else has spoken there"

"""Codes mailed to an address: whoever types them reads that mailbox."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from app import clock, outbox, pairing
from app.extensions import db
from app.models import Delivery
from app.pairing.codes import NOTICE
from tests import cast
from tests.telegram.chats import chat, mailed_code


@pytest.mark.trust("I2")
def test_a_mailed_code_pairs_with_the_address_it_was_mailed_to(app: Flask) -> None:
    carol, hers = cast.carol(), chat()
    assert pairing.mail_code(hers, " Carol@Neva-Trade.example ", clock.now())
    outbox.commit()
    code = mailed_code(str(carol.email))
    assert re.fullmatch(r"\d{6}", code)
    kept = f"{hers.code_hash} {db.session.query(Delivery).filter_by(notice=NOTICE).one().data}"
    assert code not in kept, "only a hash is kept"
    hers.typed = {"email": "somebody@else.example"}  # typed after the code was mailed: changes nothing
    assert pairing.check_code(hers, f" {code[:3]} {code[3:]} ", clock.now()) is carol
    assert pairing.check_code(hers, code, clock.now()) is None, "once"


def test_a_code_ends_after_a_quarter_of_an_hour_and_after_five_misses(app: Flask) -> None:
    cast.carol()
    hers = chat()
    pairing.mail_code(hers, "carol@neva-trade.example", clock.now())
    code = mailed_code("carol@neva-trade.example")
    assert pairing.check_code(hers, code, clock.now() + timedelta(minutes=15, seconds=1)) is None
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for left in range(4, -1, -1):
        assert pairing.check_code(hers, wrong, clock.now()) is None
        assert pairing.code_is_waiting(hers, clock.now()) == bool(left)
    assert pairing.check_code(hers, code, clock.now()) is None


@pytest.mark.trust("I2")
def test_another_chat_cannot_use_a_code(app: Flask) -> None:
    hers, his = chat(), chat(666)
    pairing.mail_code(hers, "carol@neva-trade.example", clock.now())
    outbox.commit()
    code = mailed_code("carol@neva-trade.example")
    pairing.mail_code(his, "mallory@evil.example", clock.now())
    outbox.commit()
    assert code == mailed_code("carol@neva-trade.example")
    assert pairing.check_code(his, code, clock.now()) is None


def test_no_chat_and_no_crowd_of_chats_fills_a_mailbox(app: Flask) -> None:
    one = chat()
    assert [pairing.mail_code(one, f"a{n}@neva-trade.example", clock.now()) for n in range(4)] == [True] * 3 + [False]
    outbox.commit()
    crowd = [pairing.mail_code(chat(100 + n), "carol@neva-trade.example", clock.now()) for n in range(5)]
    assert crowd == [True] * 3 + [False] * 2
    clock.shift(timedelta(hours=1, seconds=1))
    assert pairing.mail_code(one, "carol@neva-trade.example", clock.now())


def test_a_code_to_a_new_address_makes_its_person(app: Flask) -> None:
    theirs = chat()
    theirs.typed = {"name": "Новый Человек"}
    pairing.mail_code(theirs, "new@elsewhere.example", clock.now())
    outbox.commit()
    person = pairing.check_code(theirs, mailed_code("new@elsewhere.example"), clock.now())
    assert person
    assert (person.email, person.name) == ("new@elsewhere.example", "Новый Человек")
    pairing.pair_person(theirs, person, "code", clock.now())
    outbox.commit()
    assert person.is_confirmed

"""The second factor: set up with an app, asked for at every sign-in, guessed by nobody, lost with a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, outbox
from app.accounts import second_factor
from app.extensions import db
from app.models import Delivery, SecondFactor, Staff
from app.notify import standalone
from tests.cast import PASSWORD, alice
from tests.servers import UNLIMITED
from tests.web.accounts import administrator, letter, signs_in
from tests.web.browse import Browser
from tests.web.signing_in import signed_in


def test_a_second_factor_from_setting_up_to_a_lost_phone(app: Flask):
    member = alice()
    hers = signed_in(app, member)
    page = hers.send(hers.open("/me/security"), "/me/security/second-factor")
    drawn = page.response.get_data(as_text=True).partition('class="me__picture">')[2].partition("</div>")[0]
    assert "<path" in drawn
    assert "style" not in drawn
    factor = db.session.get_one(SecondFactor, member.id)
    phone = pyotp.TOTP(second_factor.secret_of(factor))
    confirmation = "/me/security/second-factor/confirmation"
    assert "Код не подошёл" in hers.send(page, confirmation, 422, code="000000", factor_password=PASSWORD).text
    assert "пароль не подошёл" in hers.send(page, confirmation, 422, code=phone.now(), factor_password="x").text
    assert second_factor.of(member.id) is None
    shown = hers.send(page, confirmation, code=phone.at(int(clock.now().timestamp())), factor_password=PASSWORD)
    codes = re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", shown.response.get_data(as_text=True))
    assert len(set(codes)) == 10
    assert "включён второй фактор" in letter("account_changed")

    clock.shift(timedelta(seconds=60))
    later = phone.at(int(clock.now().timestamp()))
    asked = signs_in(app, member.email, PASSWORD, status="422")
    assert "Код для входа" in asked.text
    browser = Browser(app)
    asked = browser.send(browser.open("/login"), "/login", 422, email=member.email, password=PASSWORD)
    assert "Все открытые" in browser.send(asked, "/login", code=later).text
    again = signs_in(app, member.email, PASSWORD, code=later, status="422")
    assert "Код не подошёл" in again.text  # no code is good twice
    assert "Все открытые" in signs_in(app, member.email, PASSWORD, code=codes[0].upper()).text
    assert "Код не подошёл" in signs_in(app, member.email, PASSWORD, code=codes[0], status="422").text

    admin = signed_in(app, administrator())
    card = admin.open(f"/staff/{member.id}")
    assert "второй фактор" in card.text
    admin.send(card, f"/staff/{member.id}/second-factor/removal")
    assert "Все открытые" in signs_in(app, member.email, PASSWORD).text
    assert "второй фактор отключён" in letter("account_changed")


def test_guesses_of_a_code_are_counted_over_all_addresses(app: Flask):
    member = alice()
    factor = second_factor.begin(member)
    phone = pyotp.TOTP(second_factor.secret_of(factor))
    at = clock.now()
    assert second_factor.confirm(factor, member, phone.at(int(at.timestamp())), at)
    for _ in range(second_factor.MOST_MISSES):
        assert not second_factor.check(factor, "123", at)
    later = at + timedelta(minutes=5)
    assert not second_factor.check(factor, phone.at(int(later.timestamp())), later)
    much_later = at + second_factor.MISSES_WITHIN + timedelta(minutes=5)
    assert second_factor.check(factor, phone.at(int(much_later.timestamp())), much_later)


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        ("ru", "HelpDesk: десять неверных кодов при входе", "Это были не вы? Значит, ваш пароль знает кто-то ещё"),
        ("en", "HelpDesk: ten wrong codes at sign-in", "Was it not you? Then somebody else knows your password"),
    ],
)
def test_ten_wrong_codes_are_one_letter_a_day(
    make_app: Callable[..., Flask], language: str, subject: str, words: str
) -> None:
    app = make_app(LANGUAGE=language, **UNLIMITED)
    with app.app_context():
        member = alice()
        second_factor.begin(member).confirmed_at = clock.now()
        outbox.commit()
        browser = Browser(app)
        asked = browser.send(browser.open("/login"), "/login", 422, email=member.email, password=PASSWORD)
        for _ in range(second_factor.MOST_MISSES - 1):
            asked = browser.send(asked, "/login", 422, code="123")
        assert _warnings() == []
        for _ in range(3):
            asked = browser.send(asked, "/login", 422, code="123")
        [warning] = _warnings()
        assert warning.recipient == member.email
        written = standalone.write(warning, clock.now()).message
        assert written.subject == subject
        assert words in (written.body or "")
        assert "/login/reset" in (written.body or "")
        assert words in (written.html or "")
        _guess_ten_times(member, timedelta(hours=2))
        assert len(_warnings()) == 1
        _guess_ten_times(member, second_factor.WARNED_EVERY)
        assert len(_warnings()) == 2


def _guess_ten_times(member: Staff, later: timedelta) -> None:
    clock.shift(later)
    factor = db.session.get_one(SecondFactor, member.id)
    for _ in range(second_factor.MOST_MISSES):
        assert not second_factor.check(factor, "123", clock.now())
    outbox.commit()


def _warnings() -> list[Delivery]:
    return list(db.session.scalars(select(Delivery).where(Delivery.notice == second_factor.GUESSED)))


def test_a_password_alone_is_no_way_round_the_code(app: Flask):
    member = alice()
    factor = second_factor.begin(member)
    factor.confirmed_at = clock.now()
    outbox.commit()
    browser = Browser(app)
    browser.send(browser.open("/login"), "/login", 422, email=member.email, password=PASSWORD)
    assert browser.open("/queue").address == "/login"
    token = browser.open("/login").all("input", name="csrf_token")[0].get("value")
    for typed in ({"email": member.email, "code": ""}, {"email": "bob@stek.example", "code": "1"}):
        assert browser.client.post("/login", data={**typed, "csrf_token": token}).status_code == 422
    assert browser.open("/queue").address == "/login"
    clock.shift(timedelta(minutes=6))  # the password is asked for again
    late = browser.client.post("/login", data={"email": member.email, "code": "1", "csrf_token": token})
    assert "не подходят" in late.get_data(as_text=True)

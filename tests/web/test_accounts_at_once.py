"""Accounts under two hands at once, and under old proofs: nobody is locked out, and nothing old lets in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock, outbox
from app.accounts import links, second_factor, staffing
from app.errors import HelpDeskError, IllegalMove, IntakeRejected
from app.extensions import db
from app.models import LinkKind, Role, SecondFactor, Staff
from app.web.accounts import ANSWERS_AFTER
from tests.cast import PASSWORD, alice, staff
from tests.web.accounts import administrator, mailed_path, signs_in
from tests.web.browse import Browser
from tests.web.signing_in import signed_in

FRESH = "три слова подряд"


@contextmanager
def beside(app: Flask, act: Callable[[], object]) -> Iterator[list[object]]:
    """``act`` in a transaction of its own, begun while the block's is open: it waits for that one, or does not."""
    answers: list[object] = []

    def run() -> None:
        with app.app_context():
            try:
                with outbox.transaction():
                    answers.append(act())
            except HelpDeskError as error:
                answers.append(error)
            db.session.remove()

    hand = threading.Thread(target=run)
    hand.start()
    hand.join(0.3)
    yield answers
    outbox.commit()
    hand.join()


def test_two_administrators_who_step_down_at_once_do_not_both(app: Flask):
    first, second = administrator().id, staff("Анна Первая", Role.ADMIN, "anna@stek.example").id
    db.session.rollback()
    staffing.change(db.session.get_one(Staff, first, with_for_update=True), "Роман", "engineer")
    db.session.flush()
    with beside(app, lambda: staffing.change(db.session.get_one(Staff, second, with_for_update=True), "А", "engineer")):
        pass
    db.session.rollback()
    assert db.session.scalar(select(func.count()).where(Staff.role == Role.ADMIN)) == 1


def test_an_administrator_who_cannot_sign_in_yet_is_no_other_one(app: Flask):
    root = administrator()
    staffing.invite("new@stek.example", "Новый Админ", "admin", clock.now())
    outbox.commit()
    with pytest.raises(IllegalMove):
        staffing.disable(root, clock.now())
    with pytest.raises(IllegalMove):
        staffing.change(root, "Роман", "engineer")


def test_two_invitations_to_one_address_at_once_are_one_and_a_clear_word(app: Flask):
    administrator()
    staffing.invite("new@stek.example", "Новый", "engineer", clock.now())
    with beside(app, lambda: staffing.invite("new@stek.example", "Новый", "engineer", clock.now())) as answers:
        pass
    assert [type(one) for one in answers] == [IntakeRejected]


def test_two_who_begin_and_two_who_confirm_a_second_factor_get_one(app: Flask):
    member_id = alice().id
    db.session.rollback()
    nonce = second_factor.begin(db.session.get_one(Staff, member_id)).nonce
    with beside(app, lambda: second_factor.begin(db.session.get_one(Staff, member_id)).nonce) as answers:
        pass
    assert answers == [nonce]
    db.session.rollback()
    at = clock.now()

    def confirm() -> list[str]:
        member = db.session.get_one(Staff, member_id)
        factor = second_factor.begin(member)
        code = pyotp.TOTP(second_factor.secret_of(factor)).at(int(at.timestamp()))
        return second_factor.confirm(factor, member, code, at)

    assert len(confirm()) == second_factor.RECOVERY_CODES
    db.session.flush()
    with beside(app, confirm) as answers:
        pass
    assert answers == [[]]


def test_a_secret_seen_before_the_password_was_changed_is_worth_nothing(app: Flask):
    member = alice()
    seen = second_factor.begin(member).nonce
    links.set_password(member, FRESH, clock.now())
    outbox.commit()
    assert db.session.scalars(select(SecondFactor)).first() is None
    assert second_factor.begin(member).nonce != seen


@pytest.mark.trust("S10")
def test_half_a_sign_in_ends_with_the_password_it_began_with(app: Flask):
    member = alice()
    second_factor.begin(member).confirmed_at = clock.now()
    outbox.commit()
    browser = Browser(app)
    asked = browser.send(browser.open("/login"), "/login", 422, email=member.email, password=PASSWORD)
    links.set_password(member, FRESH, clock.now())
    second_factor.turn_off(member, clock.now())  # as for a lost phone
    outbox.commit()
    assert "не подходят" in browser.send(asked, "/login", 422, code="123456").text
    assert browser.open("/queue").address == "/login"
    assert "Все открытые" in signs_in(app, member.email, FRESH).text


@pytest.mark.trust("S7")
def test_two_posts_of_one_link_set_one_password(app: Flask):
    member_id, at = alice().id, clock.now()
    links.mail(db.session.get_one(Staff, member_id), LinkKind.RESET, at)
    outbox.commit()
    token = mailed_path().rpartition("/")[2]
    db.session.rollback()
    found = links.find(token, at)
    assert found
    links.use(*found, FRESH, at)
    db.session.flush()
    with beside(app, lambda: links.find(token, at)) as answers:
        pass
    assert answers == [None]


def test_a_page_of_the_staff_needs_an_administrator_at_every_press(app: Flask):
    """The role is read anew: a browser that is signed in keeps nothing of it."""
    root, other = administrator(), staff("Анна Первая", Role.ADMIN, "anna@stek.example")
    annas = signed_in(app, other)
    card = annas.open(f"/staff/{root.id}")
    staffing.change(other, "Анна Первая", "engineer")
    outbox.commit()
    annas.send(card, f"/staff/{root.id}/disabling", 403)


@pytest.mark.trust("S6")
def test_a_reset_of_nobodys_takes_as_long_as_anybodys(app: Flask, monkeypatch: pytest.MonkeyPatch):
    """Though the work for somebody takes two thirds of the time that every answer waits for."""
    alice()
    db.session.rollback()
    monkeypatch.setattr(
        links, "mail_reset", lambda email, _at: time.sleep(ANSWERS_AFTER * 2 / 3 if "alice" in email else 0)
    )
    browser = Browser(app)
    page = browser.open("/login/reset")
    times: dict[str, float] = {}
    for email in ["alice@stek.example", "nobody@stek.example"] * 3:
        begun = time.monotonic()
        browser.send(page, "/login/reset", email=email)
        times[email] = min(times.get(email, 99.0), time.monotonic() - begun)
    assert min(times.values()) >= ANSWERS_AFTER
    assert abs(times["alice@stek.example"] - times["nobody@stek.example"]) < ANSWERS_AFTER / 3

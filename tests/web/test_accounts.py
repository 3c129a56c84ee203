"""Accounts of staff: invited, reset, protected by a second factor, disabled; links and codes are good once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, outbox
from app.accounts import links
from app.extensions import db
from app.models import AccountLink, Delivery, LinkKind, Role, StaffSession
from tests.cast import PASSWORD, alice, bob, staff
from tests.web.accounts import administrator, letter, mailed_path, signs_in
from tests.web.browse import Browser
from tests.web.signing_in import signed_in

FRESH = "три слова подряд"


@pytest.mark.trust("S7")
def test_an_invitation_lets_in_once(app: Flask):
    admin = signed_in(app, administrator())
    page = admin.send(admin.open("/staff"), "/staff", name="Пётр Ильин", email="Ilin@stek.example", role="engineer")
    assert "Приглашение отправлено: ilin@stek.example" in page.text
    assert "приглашение действует до" in page.text
    guest, path = Browser(app), mailed_path()
    for _ in range(2):  # as a scanner of letters opens it
        assert "Добро пожаловать" in guest.open(path).text
    short = guest.send(guest.open(path), path, 422, password="короткий", repeated="короткий")
    assert "Не короче 10 знаков" in short.text
    unlike = guest.send(guest.open(path), path, 422, password=FRESH, repeated=FRESH + "!")
    assert "Пароли не совпали" in unlike.text
    assert "Пароль сохранён" in guest.send(guest.open(path), path, password=FRESH, repeated=FRESH).text
    assert guest.open(path, 410).text.count("Ссылка не действует")
    assert "Все открытые" in signs_in(app, "ilin@stek.example", FRESH).text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": "", "email": "new@stek.example", "role": "engineer"}, "Напишите имя и фамилию"),
        ({"name": "А", "email": "нет", "role": "engineer"}, "Укажите e-mail полностью"),
        ({"name": "А", "email": "alice@stek.example", "role": "engineer"}, "Такой сотрудник уже есть"),
        ({"name": "А", "email": "new@stek.example", "role": "owner"}, "Выберите, кто это"),
    ],
)
def test_a_wrong_invitation_is_refused_and_kept(app: Flask, typed: dict[str, str], field: str):
    alice()
    admin = signed_in(app, administrator())
    page = admin.send(admin.open("/staff"), "/staff", 422, **typed)
    assert field in page.text
    assert page.all("input", name="email")[0].get("value") == typed["email"]
    assert db.session.query(AccountLink).count() == 0


@pytest.mark.trust("S6")
def test_a_reset_is_the_same_for_everybody_and_no_flood(app: Flask):
    member, gone = alice(), bob()
    gone.is_disabled = True
    outbox.commit()
    guest, answers = Browser(app), set()
    for email in (member.email, gone.email, "nobody@stek.example", "%", f"{member.email},{gone.email}"):
        page = guest.send(guest.open("/login/reset"), "/login/reset", email=email)
        answers.add(page.text)
    assert len(answers) == 1
    for _ in range(4):
        guest.send(guest.open("/login/reset"), "/login/reset", email=member.email)
    mailed = [one.recipient for one in db.session.scalars(select(Delivery).where(Delivery.notice == "account"))]
    assert mailed == [member.email] * 3


@pytest.mark.trust("S10")
def test_a_reset_closes_what_the_old_password_opened(app: Flask):
    member = alice()
    old = signed_in(app, member)
    links.mail_reset(member.email, clock.now())
    outbox.commit()
    guest, path = Browser(app), mailed_path()
    guest.send(guest.open(path), path, password=FRESH, repeated=FRESH)
    assert old.open("/queue").address == "/login"
    assert "не подходят" in signs_in(app, member.email, PASSWORD, status="422").text
    assert "Все открытые" in signs_in(app, member.email, FRESH).text
    assert "пароль вашей учётной записи изменён" in letter("account_changed")


@pytest.mark.trust("S7")
@pytest.mark.parametrize("trouble", ["too late", "mailed anew", "disabled", "another", "empty"])
def test_a_void_link_sets_nothing(app: Flask, trouble: str):
    member = alice()
    links.mail_reset(member.email, clock.now())
    outbox.commit()
    path = mailed_path()
    if trouble == "too late":
        clock.shift(timedelta(hours=1, seconds=1))
    elif trouble == "mailed anew":
        links.mail(member, LinkKind.RESET, clock.now())
    elif trouble == "disabled":
        member.is_disabled = True
    elif trouble == "another":
        path = path[:-1] + ("A" if path[-1] != "A" else "B")
    else:
        path = "/account/%25"
    outbox.commit()
    browser = Browser(app)
    browser.open(path, 410)
    token = browser.open("/login").all("input", name="csrf_token")[0].get("value")
    answer = browser.client.post(path, data={"password": FRESH, "repeated": FRESH, "csrf_token": token})
    assert answer.status_code == 410
    assert "не подходят" in signs_in(app, member.email, FRESH, status="422").text


@pytest.mark.trust("S12")
def test_other_browsers_are_listed_and_ended(app: Flask):
    member = alice()
    here, there, third = signed_in(app, member), signed_in(app, member), signed_in(app, member)
    page = here.open("/me/security")
    assert page.text.count("Выйти там") == 2
    for row in db.session.scalars(select(StaffSession)):
        assert row.key_hash not in page.text
    reference = page.all("input", name="session")[0].get("value")
    token = page.all("input", name="csrf_token")[0].get("value")
    assert (
        here.client.post("/me/security/sessions", data={"session": reference, "csrf_token": token}).status_code == 303
    )
    addresses = {one.open("/queue").address for one in (there, third)}
    assert addresses == {"/login", "/queue"}
    assert here.client.post("/me/security/sessions", data={"session": "", "csrf_token": token}).status_code == 303
    assert {one.open("/queue").address for one in (there, third)} == {"/login"}
    assert here.open("/queue").address == "/queue"


def test_a_changed_password_keeps_this_browser_alone(app: Flask):
    member = alice()
    here, there = signed_in(app, member), signed_in(app, member)
    page = here.open("/me/security")
    act = "/me/security/password"
    assert "пароль не подошёл" in here.send(page, act, 422, current="x", password=FRESH, repeated=FRESH).text
    guessed = here.send(page, act, 422, current=PASSWORD, password="qwertyuiop", repeated="qwertyuiop")
    assert "подбирают первым" in guessed.text
    assert "Пароль изменён" in here.send(page, act, current=PASSWORD, password=FRESH, repeated=FRESH).text
    assert there.open("/queue").address == "/login"
    assert here.open("/queue").address == "/queue"


def test_the_last_administrator_stays(app: Flask):
    root = administrator()
    admin = signed_in(app, root)
    card = admin.open(f"/staff/{root.id}")
    assert "последний администратор" in admin.send(card, f"/staff/{root.id}/disabling", 409).text
    assert "последний администратор" in admin.send(card, f"/staff/{root.id}", 409, name="Роман", role="engineer").text
    member = alice()
    hers = signed_in(app, member)
    admin.send(admin.open(f"/staff/{member.id}"), f"/staff/{member.id}/disabling")
    assert hers.open("/queue").address == "/login"
    admin.send(admin.open(f"/staff/{member.id}"), f"/staff/{member.id}/return")
    assert "не подходят" in signs_in(app, member.email, PASSWORD, status="422").text
    guest, path = Browser(app), mailed_path()
    guest.send(guest.open(path), path, password=FRESH, repeated=FRESH)
    assert "Все открытые" in signs_in(app, member.email, FRESH).text


def test_only_an_administrator_sees_the_staff(app: Flask):
    for member, status in ((alice(), 403), (staff("Мария Иванова", Role.MANAGER, "masha@stek.example"), 403)):
        signed_in(app, member).open("/staff", status)

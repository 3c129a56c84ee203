"""Accounts of staff in tests: an administrator, what letters say, signing in with more than a password."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from app import clock
from app.extensions import db
from app.models import Delivery, Role, Staff
from app.notify import standalone
from tests.cast import staff
from tests.web.browse import Browser, Page


def administrator() -> Staff:
    return staff("Роман Степанов", Role.ADMIN, "roman@stek.example")


def letter(notice: str) -> str:
    """The text of the newest letter of that kind."""
    query = select(Delivery).where(Delivery.notice == notice).order_by(Delivery.id.desc())
    delivery = db.session.scalars(query).first()
    assert delivery is not None
    return standalone.write(delivery, clock.now()).message.body or ""


def mailed_path() -> str:
    found = re.search(r"/account/\S+", letter("account"))
    assert found
    return found[0]


def signs_in(app: Flask, email: str, password: str, **more: str) -> Page:
    browser = Browser(app)
    status = more.pop("status", "200")
    return browser.send(browser.open("/login"), "/login", int(status), email=email, password=password, **more)

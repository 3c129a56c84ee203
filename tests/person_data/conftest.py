"""The administrator, who alone may give out and erase."""

from __future__ import annotations

import pytest
from flask import Flask

from app.models import Role, Staff
from tests import cast
from tests.web.browse import Browser
from tests.web.signing_in import signed_in


def zoya() -> Staff:
    return cast.staff("Зоя Админова", Role.ADMIN, "zoya@stek.example")


@pytest.fixture
def admin(app: Flask) -> Browser:
    return signed_in(app, zoya())

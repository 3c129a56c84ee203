"""Who calls: the bearer of the token that the guard has let in."""

from __future__ import annotations

from typing import cast

from flask_login import current_user

from app.actor import Actor
from app.models.staff import Token
from app.sessions import Viewer


def caller() -> Actor:
    return cast(Viewer, current_user).actor


def token() -> Token:
    found = cast(Viewer, current_user).token
    assert found is not None  # the guard lets no cookie into the API
    return found

"""Bare extension objects; ``create_app()`` binds them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_mail import Mail
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError  # noqa: A004 - redis's own, not Python's
from redis.retry import Retry
from sqlalchemy import MetaData
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """Declarative base with names for every constraint, so that migrations can alter them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


def insert_into(table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT of the database in use, for what is inserted or ignored: ``.on_conflict_do_nothing()``."""
    return sqlite.insert(table) if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert(table)


login = LoginManager()
csrf = CSRFProtect()
mail = Mail()
babel = Babel()
limiter = Limiter(key_func=get_remote_address)

REDIS_PATIENCE = 0.4  # seconds; a form that meets a hanging Redis waits three times: its brake twice, the bell once


@lru_cache(maxsize=4)
def redis_client(url: str) -> Redis:
    """A client that gives up within a second: Redis is a bell, and nobody waits for a bell."""
    return Redis.from_url(url, **redis_options())


def redis_options() -> dict[str, Any]:
    """Patience with Redis: a broken connection is opened once more, silence is not waited for twice."""
    retry = Retry(NoBackoff(), 1, supported_errors=(ConnectionError,))
    return {"socket_timeout": REDIS_PATIENCE, "socket_connect_timeout": REDIS_PATIENCE, "retry": retry}

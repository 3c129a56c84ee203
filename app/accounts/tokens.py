"""Programs' keys to the API: made, revoked, and when each was last used. One way for command and page."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app import sessions
from app.errors import IllegalMove, IntakeRejected
from app.extensions import db
from app.models.staff import Token
from app.models.words import Role
from app.translate import _

log = logging.getLogger(__name__)

LONGEST_NAME = 100
NOTED_EVERY = timedelta(hours=1)
IN_ORDER = (Token.revoked_at.is_not(None), Token.name)  # those that open something first


class AlreadyMade(IllegalMove):
    """This form has made its token, and the key was shown then: nobody can show it again."""


def make(name: str, role: str, at: datetime, *, by_id: int | None = None, form_key: str | None = None) -> str:
    """The key of a new token, in the caller's transaction: only its hash is kept, so show it now."""
    name = " ".join(name.split())
    errors = _wrong(name, role)
    _refuse_again(form_key)  # after the names were looked at: a second press meets the name that the first has made
    if errors:
        raise IntakeRejected(errors)
    key, key_hash = sessions.new_token_key()
    token = Token(name=name, role=Role(role), key_hash=key_hash, created_at=at, created_by_id=by_id, form_key=form_key)
    try:
        with db.session.begin_nested():
            db.session.add(token)
    except IntegrityError as error:  # somebody, or a second press, was faster
        _refuse_again(form_key)
        raise IntakeRejected({"name": _taken()}) from error
    return key


def revoke(token: Token, at: datetime, *, by_id: int | None = None) -> None:
    """Worthless from now on; revoked already: nothing changes."""
    if token.revoked_at is None:
        token.revoked_at, token.revoked_by_id = at, by_id


def named(name: str) -> Token | None:
    return db.session.scalars(select(Token).where(Token.name == " ".join(name.split()))).first()


def everyone() -> Sequence[Token]:
    """Those that open something first, by name."""
    return db.session.scalars(select(Token).order_by(*IN_ORDER)).all()


def note_use(token: Token, at: datetime) -> None:
    """Note that a program called, once in NOTED_EVERY, before anything else of its request; no call fails by it."""
    if token.used_at is not None and token.used_at > at - NOTED_EVERY:
        return
    token_id, is_due = token.id, or_(Token.used_at.is_(None), Token.used_at <= at - NOTED_EVERY)
    db.session.rollback()  # SQLite has one writer, and this session may be it
    try:
        with db.engine.begin() as connection:
            connection.execute(update(Token).where(Token.id == token_id, is_due).values(used_at=at))
    except SQLAlchemyError as error:
        log.warning("The use of a token was not noted: %s", type(error).__name__)


def _refuse_again(form_key: str | None) -> None:
    if form_key and _exists(Token.form_key == form_key):
        raise AlreadyMade(_("Этот токен уже создан, и ключ показан. Потеряли его – отзовите токен и создайте новый."))


def _wrong(name: str, role: str) -> dict[str, str]:
    errors = {}
    if not name:
        errors["name"] = _("Напишите, какая программа будет обращаться: так её увидят в истории заявок.")
    elif len(name) > LONGEST_NAME or not name.isprintable():
        errors["name"] = _("Имя – до %(most)s обычных знаков.", most=LONGEST_NAME)
    elif _exists(Token.name == name):
        errors["name"] = _taken()
    if role not in set(Role):
        errors["role"] = _("Выберите, что токену можно.")
    return errors


def _taken() -> str:
    return _("Токен с таким именем есть или был. Возьмите другое имя: в истории их не должны путать.")


def _exists(condition: ColumnElement[bool]) -> bool:
    return db.session.scalar(select(Token.id).where(condition).limit(1)) is not None

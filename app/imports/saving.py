"""One row of a CSV file becomes a row of the desk, or a sentence that says why not."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from app.errors import HelpDeskError
from app.extensions import db
from app.imports.kinds import Kind, checked
from app.imports.rows import Row
from app.translate import _

AT_ONCE = 200  # rows in one transaction, so that nobody waits long for SQLite's one writer


def save(kind: Kind, row: Row) -> str:
    """Save one row in the caller's transaction; what is wrong with it, or nothing."""
    try:
        with db.session.begin_nested():
            kind.save(checked(kind, row.values))
            db.session.flush()
    except HelpDeskError as error:
        return error.message
    except ValueError as error:
        return str(error)
    except SQLAlchemyError as error:
        return _("база данных не принимает: %(error)s", error=type(error).__name__)
    return ""

"""`python -m workers.upgrade`: bring the database up to date, and tell the supervisor in JSON what it greets with."""

from __future__ import annotations

import json
import logging
import sys

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app import migrations
from app.errors import HelpDeskError
from app.extensions import db
from app.models import Staff
from workers.house import desk_app


def main() -> None:
    """Migrate; the last line on standard output is the answer."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        migrations.upgrade(desk_app())
        with desk_app().app_context(), db.engine.connect() as connection:
            staff = connection.execute(select(func.count()).select_from(Staff)).scalar_one()
    except HelpDeskError as error:
        sys.exit(str(error))
    except OperationalError as error:
        sys.exit(f"The database does not answer ({' '.join(str(error.orig).split())}). DATABASE_URL names it.")
    print(json.dumps({"staff": staff}))


if __name__ == "__main__":
    main()

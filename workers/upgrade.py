"""`python -m workers.upgrade`: bring the database up to date, and tell the supervisor in JSON what it greets with."""

from __future__ import annotations

import json
import logging

from sqlalchemy import func, select

from app import migrations
from app.extensions import db
from app.models import Staff
from workers.house import desk_app


def main() -> None:
    """Migrate; the last line on standard output is the answer."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    migrations.upgrade(desk_app())
    with desk_app().app_context(), db.engine.connect() as connection:
        staff = connection.execute(select(func.count()).select_from(Staff)).scalar_one()
    print(json.dumps({"staff": staff}))


if __name__ == "__main__":
    main()

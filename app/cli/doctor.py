"""`flask doctor`: what is well, what is not, and how to mend it, one line each."""

from __future__ import annotations

import sys

import click
from flask import Blueprint
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from app import database
from app.cli.checks import all_checks
from app.cli.findings import Finding, Level
from app.extensions import db

bp = Blueprint("doctor_commands", __name__, cli_group=None)

_COLOURS = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "red"}


@bp.cli.command("doctor")
def doctor() -> None:
    """Check settings, database, migrations, Redis, SMTP, IMAP, Telegram, disk and clock.

    One line each, with the mend where something is wrong. Exit status: 1 if anything fails, else 0.
    """
    has_failed = False
    with database.reading():
        for check in all_checks():
            try:
                finding = check()
            except (SQLAlchemyError, RedisError, OSError) as error:
                finding = Finding(
                    check.__name__.strip("_"), Level.FAIL, type(error).__name__, "mend the database first"
                )
            db.session.rollback()
            has_failed |= finding.level is Level.FAIL
            mark = click.style(f"{finding.level.value:<4}", fg=_COLOURS[finding.level])
            click.echo(f"{mark}  {finding.name:<10} {finding.words}" + (f" → {finding.mend}" if finding.mend else ""))
    sys.exit(1 if has_failed else 0)

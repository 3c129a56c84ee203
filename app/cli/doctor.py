"""`flask doctor`: what is well, what is not, and how to mend it, one line each."""

from __future__ import annotations

import sys

import click
from flask import Blueprint

from app import database
from app.doctor.checks import all_checks, examined
from app.doctor.findings import Level
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
            finding = examined(check)
            db.session.rollback()
            has_failed |= finding.level is Level.FAIL
            mark = click.style(f"{finding.level.value:<4}", fg=_COLOURS[finding.level])
            click.echo(f"{mark}  {finding.name:<10} {finding.words}" + (f" → {finding.mend}" if finding.mend else ""))
    sys.exit(1 if has_failed else 0)

"""`flask sweep`: all due work now, in this process, from SQL alone."""

from __future__ import annotations

import click
from flask import Blueprint

bp = Blueprint("sweep_commands", __name__, cli_group=None)


@bp.cli.command("sweep")
def sweep() -> None:
    """Do all due work now, without Redis: file letters, watch deadlines, send notices. Twice is once."""
    from app import alarms, leftovers, notify  # here, so that other commands need not load the parser of letters
    from app.intake import letters

    filed = letters.file_received()
    touched = alarms.sweep()
    leftovers.sweep()
    sent = notify.run()
    click.echo(f"Letters filed: {filed}. Requests touched: {touched}. Notices handled: {sent}.")

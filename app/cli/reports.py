"""`flask reports`: what reports add up, measured anew from the rows it comes from."""

from __future__ import annotations

import click
from flask import Blueprint
from sqlalchemy import func, select

from app import outbox
from app.extensions import db
from app.models.ticket import Ticket

bp = Blueprint("reports_commands", __name__, cli_group="reports")


@bp.cli.command("rebuild")
@click.option("--anew", is_flag=True, help="Measure every request again, not only those that are still owed.")
def rebuild(*, anew: bool) -> None:
    """Measure how long requests took, with progress. Broken off, it goes on where it was; twice is once."""
    from app.tickets import measure  # here, so that other commands need not load the verbs

    if anew:
        with outbox.transaction():
            measure.owe_all()
    total = db.session.scalar(select(func.count()).select_from(Ticket).where(measure.UNMEASURED)) or 0
    db.session.rollback()
    done = 0
    while looked_at := measure.sweep():
        done += looked_at
        click.echo(f"{min(done, total)} of {total} requests measured.")
    click.echo("All requests are measured.")

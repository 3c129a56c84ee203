"""`flask search`: how far the index of words is, and making it anew."""

from __future__ import annotations

import click
from flask import Blueprint

from app import outbox, search_marks

bp = Blueprint("search_commands", __name__, cli_group="search")


@bp.cli.command("rebuild")
@click.option(
    "--wait/--no-wait", default=True, help="Do it here and show how far it is (default), or let the desk do it."
)
def rebuild(wait: bool) -> None:
    """Write the words of all requests anew. The desk may run; searching goes on meanwhile with the old words.

    Broken off, it is gone on with by the running desk, or by `flask search resume`.
    """
    from app.search import indexing

    with outbox.transaction():
        indexing.forget_marks()
        search_marks.mark_all()
    if wait:
        _work()
    else:
        click.echo(f"Marked: {indexing.waiting()}. The running desk does the rest.")


@bp.cli.command("resume")
def resume() -> None:
    """Go on with what is marked: after an upgrade, a rebuild that was broken off, or a desk that stood still."""
    _work()


@bp.cli.command("status")
def status() -> None:
    """Say how many requests wait to have their words written."""
    from app.search import indexing

    click.echo(f"Waiting: {indexing.waiting()}.")


def _work() -> None:
    from app.search import indexing

    def tell(done: int, left: int) -> None:
        click.echo(f"Written: {done}. Left: {left}.")

    click.echo(f"Done: {indexing.rebuild(tell)}.")

"""`flask demo`: a demo firm for trying out (`seed`), masses of requests for measuring (`--requests N`)."""

from __future__ import annotations

import sys

import click
from flask import Blueprint

bp = Blueprint("demo", __name__, cli_group=None)
DEFAULT_SEED = 1


@bp.cli.group("demo", invoke_without_command=True)
@click.option("--requests", type=click.IntRange(1, 10_000_000), help="Bring the desk to that many bulk requests.")
@click.option("--seed", "number", default=DEFAULT_SEED, show_default=True, help="The same seed makes the same firm.")
@click.pass_context
def demo(context: click.Context, requests: int | None, number: int) -> None:
    """A demo firm, for trials and benchmarks only."""
    if context.invoked_subcommand is not None:
        return
    if requests is None:
        click.echo(context.get_help())
        return
    from app.demo.bulk import fill  # with psycopg: no process of the desk should carry it for this

    with click.progressbar(length=requests, label="Requests", file=sys.stderr) as bar:
        added = fill(requests, number, lambda done, _: bar.update(done - bar.pos))
    click.echo(f"{added} requests added, {requests} of seed {number} are there.")


@demo.command("seed")
@click.option("--seed", "number", default=DEFAULT_SEED, show_default=True, help="The same seed tells the same stories.")
def seed_command(number: int) -> None:
    """Fill an empty desk with a firm, sixty requests and accounts to sign in with. Twice is once."""
    from app.demo.seed import seed

    seeded = seed(number)
    if not seeded.requests and not seeded.sign_ins:
        click.echo("The desk has requests already; the demo firm is for an empty desk. Nothing was added.")
        return
    click.echo("Demo sign-ins (of this installation only):")
    for line in seeded.sign_ins:
        click.echo(line)

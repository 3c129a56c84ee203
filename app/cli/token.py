"""`flask token`: keys of programs to the API."""

from __future__ import annotations

import click
from flask import Blueprint

from app import database, outbox
from app.accounts import tokens
from app.clock import now
from app.errors import IntakeRejected
from app.models.words import Role

bp = Blueprint("token_commands", __name__, cli_group="token")
bp.cli.help = "Keys of programs to the API."


@bp.cli.command("add")
@click.argument("name")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
def add(name: str, role: str) -> None:
    """Make a token and print it once, alone on standard output. NAME is what history shows as the author."""
    try:
        with outbox.transaction():
            key = tokens.make(name, role, now())
    except IntakeRejected as refusal:
        words = f"A name has 1 to {tokens.LONGEST_NAME} characters, and no token has or had it: {name!r} will not do."
        raise click.ClickException(words) from refusal
    click.echo(f"The token of {name!r}, shown only now:", err=True)
    click.echo(key)


@bp.cli.command("revoke")
@click.argument("name")
def revoke(name: str) -> None:
    """Make a token worthless from now on."""
    with outbox.transaction():
        token = tokens.named(name)
        if token is None:
            raise click.ClickException(f"There is no token named {name!r}. Which there are: flask token list")
        tokens.revoke(token, now())
    click.echo(f"The token of {token.name!r} is revoked.")


@bp.cli.command("list")
def list_() -> None:
    """Print name, role and whether revoked, one a line; those that still open something first."""
    with database.reading():
        for token in tokens.everyone():
            revoked = "  (revoked)" if token.revoked_at else ""
            click.echo(f"{token.name}  {token.role.value}{revoked}")

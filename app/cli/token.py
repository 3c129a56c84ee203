"""`flask token`: keys of programs to the API."""

from __future__ import annotations

import click
from flask import Blueprint
from sqlalchemy import select

from app import database, outbox, sessions
from app.clock import now
from app.extensions import db
from app.models.staff import Token
from app.models.words import Role

bp = Blueprint("token_commands", __name__, cli_group="token")
bp.cli.help = "Keys of programs to the API."


@bp.cli.command("add")
@click.argument("name")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
def add(name: str, role: str) -> None:
    """Make a token and print it once, alone on standard output. NAME is what history shows as the author."""
    name = name.strip()
    if not 0 < len(name) <= 100:
        raise click.BadParameter("A name has 1 to 100 characters.", param_hint="NAME")
    key, key_hash = sessions.new_token_key()
    with outbox.transaction():
        if _find(name):
            raise click.ClickException(f"There is or was a token named {name!r}. Take another name.")
        db.session.add(Token(name=name, role=Role(role), key_hash=key_hash, created_at=now()))
    click.echo(f"The token of {name!r}, shown only now:", err=True)
    click.echo(key)


@bp.cli.command("revoke")
@click.argument("name")
def revoke(name: str) -> None:
    """Make a token worthless from now on."""
    with outbox.transaction():
        token = _find(name.strip())
        if token is None:
            raise click.ClickException(f"There is no token named {name!r}. Which there are: flask token list")
        token.revoked_at = token.revoked_at or now()
    click.echo(f"The token of {token.name!r} is revoked.")


@bp.cli.command("list")
def list_() -> None:
    """Print name, role and whether revoked, one a line."""
    with database.reading():
        for token in db.session.scalars(select(Token).order_by(Token.name)):
            revoked = "  (revoked)" if token.revoked_at else ""
            click.echo(f"{token.name}  {token.role.value}{revoked}")


def _find(name: str) -> Token | None:
    return db.session.scalars(select(Token).where(Token.name == name)).first()

"""`flask staff`: engineers, managers and administrators from the command line."""

from __future__ import annotations

import click
from flask import Blueprint
from sqlalchemy import select

from app import database, outbox, sessions
from app.accounts import links, second_factor, staffing
from app.cli import passwords
from app.clock import now
from app.environment import ADDRESS
from app.errors import IllegalMove
from app.extensions import db
from app.models.staff import Staff
from app.models.words import Role

bp = Blueprint("staff_commands", __name__, cli_group="staff")
bp.cli.help = "Engineers, managers and administrators."

_password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input instead of making one."
)


@bp.cli.command("add")
@click.argument("email")
@click.option("--name", required=True, help="As customers see it: «Илья Орлов».")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@_password_option
def add(email: str, name: str, role: str, password_stdin: bool) -> None:
    """Add a member of staff, or bring a disabled one back.

    Without --password-stdin a password is made and printed once, alone on standard output.
    """
    address = email.strip().lower()
    if not ADDRESS.fullmatch(address):
        raise click.BadParameter(f"{email!r} is no e-mail address.", param_hint="EMAIL")
    if not name.strip():
        raise click.BadParameter("The name is empty.", param_hint="--name")
    password, is_made = passwords.given_or_made(is_given=password_stdin)
    with outbox.transaction():
        member = _find(address)
        if member is None:
            member = Staff(email=address, created_at=now())
            db.session.add(member)
        elif not member.is_disabled:
            raise click.ClickException(
                f"{address} is on the staff already. For a new password: flask staff password {address}"
            )
        member.name, member.role, member.is_disabled = name.strip(), Role(role), False
        member.password_hash = sessions.hash_password(password)
    click.echo(f"{address} can sign in as {role}.", err=True)
    _show(password, is_made=is_made)


@bp.cli.command("password")
@click.argument("email")
@_password_option
def password(email: str, password_stdin: bool) -> None:
    """Give a member of staff a new password and sign them out everywhere; their chats are disconnected."""
    fresh, is_made = passwords.given_or_made(is_given=password_stdin)
    with outbox.transaction():
        member = _known(email)
        links.set_password(member, fresh, now())
    click.echo(f"{member.email} has a new password and is signed out everywhere, in Telegram too.", err=True)
    _show(fresh, is_made=is_made)


@bp.cli.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Take away the right to sign in and end all sessions. Requests stay with the name."""
    with outbox.transaction():
        member = _known(email)
        try:
            staffing.disable(member, now())
        except IllegalMove as refusal:
            raise click.ClickException(refusal.message) from refusal
    click.echo(f"{member.email} is disabled and signed out everywhere, in Telegram too.")


@bp.cli.command("forget-second-factor")
@click.argument("email")
def forget_second_factor(email: str) -> None:
    """For a lost phone: the password alone is enough until a new app is connected. The owner is told by letter."""
    with outbox.transaction():
        member = _known(email)
        was_on = second_factor.turn_off(member, now())
    click.echo(f"{member.email} signs in by password alone." if was_on else f"{member.email} has no second factor.")


@bp.cli.command("list")
def list_() -> None:
    """Print address, role, name and whether disabled, one a line."""
    with database.reading():
        for member in db.session.scalars(select(Staff).order_by(Staff.name, Staff.email)):
            disabled = "  (disabled)" if member.is_disabled else ""
            click.echo(f"{member.email}  {member.role.value}  {member.name}{disabled}")


def _find(address: str) -> Staff | None:
    return db.session.scalars(select(Staff).where(Staff.email == address)).first()


def _known(email: str) -> Staff:
    if member := _find(email.strip().lower()):
        return member
    raise click.ClickException(f"Nobody on the staff has the address {email}. Who there is: flask staff list")


def _show(password: str, *, is_made: bool) -> None:
    if is_made:
        click.echo("The password, shown only now:", err=True)
        click.echo(password)

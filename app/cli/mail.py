"""`flask mail receive`: one letter on standard input, for an MTA's pipe."""

from __future__ import annotations

import logging
import os
import sys

import click
from flask import Blueprint

from app.intake import letterbox

bp = Blueprint("mail", __name__, cli_group="mail")
bp.cli.help = "Letters in."
TRY_LATER = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps the letter


@bp.cli.command("receive", context_settings={"ignore_unknown_options": True})
@click.option("--sender", "-f", default=None, help="Envelope sender, as the mail server knows it; '' for a bounce.")
@click.option("--receipt", is_flag=True, hidden=True, help="Say «stored» at the end; bin/mail-receive listens for it.")
@click.argument("recipients", nargs=-1)
def receive(sender: str | None, receipt: bool, recipients: tuple[str, ...]) -> None:
    """Store the letter on standard input. Silent; exits 0 once it is stored for good, 75 on any trouble."""
    logging.disable()  # an MTA puts what is printed into letters
    try:
        gathering = letterbox.gather(sys.stdin.buffer)
        if not gathering.size:
            sys.exit(TRY_LATER)
        letter = letterbox.incoming(gathering, "pipe", envelope_from=sender, envelope_to=list(recipients))
        letterbox.store_all([letter])
    except BaseException as error:  # noqa: BLE001 - whatever happens, the mail server must keep the letter
        if os.environ.get("HELPDESK_MAIL_DEBUG"):
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
        os._exit(TRY_LATER)
    if receipt:
        print("stored", flush=True)


@bp.cli.command("erase")
@click.option("--apply", "is_applied", is_flag=True, help="Erase it. Without: only say how much there is.")
def erase(is_applied: bool) -> None:
    """What is kept longer than KEEP_ROBOTS and KEEP_ORIGINALS say: the clock erases it by itself, a part every hour.

    Words and files of requests are no part of it, nor is any letter that waits for a decision.
    """
    from app import clock, retention  # the pipe above must start fast

    found = retention.count(clock.now())
    click.echo(f"Letters of robots, and laid aside: {found.robots}. Originals of closed requests: {found.originals}.")
    click.echo(f"Updates of the bot: {found.updates}. Files of letters that were not sent: {found.letters_sent}.")
    if not is_applied:
        click.echo("Nothing was erased. Run it with --apply to erase all of it now.")
        return
    while retention.sweep(clock.now()).total:
        pass
    click.echo("Erased.")

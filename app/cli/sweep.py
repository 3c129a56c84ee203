"""`flask sweep`: all due work now, in this process, from SQL alone."""

from __future__ import annotations

import click
from flask import Blueprint

from app.config import settings

bp = Blueprint("sweep_commands", __name__, cli_group=None)


@bp.cli.command("sweep")
def sweep() -> None:
    """Do all due work now, without Redis: file letters, answer Telegram, watch deadlines, send. Twice is once."""
    from app import (
        alarms,
        clock,
        complaints,
        leftovers,
        notify,
        paging,
    )  # here, so that other commands need not load the parser of letters
    from app.intake import letters
    from app.notify import webhook
    from app.person_data import jobs
    from app.search import indexing
    from app.tickets import measure

    filed = letters.file_received()
    answered = _answer()
    touched = alarms.sweep()
    paged = paging.sweep()
    complaints.sweep(clock.now())
    measure.sweep()
    indexing.run()
    sent = notify.run() + _send() + webhook.send()
    leftovers.sweep()
    jobs.run()
    told = f"Letters filed: {filed}. Requests touched: {touched}. Pages: {paged}. Notices handled: {sent}."
    click.echo(f"{told} Updates answered: {answered}." if settings().telegram_bot_token else told)


def _answer() -> int:
    """What people wrote to the bot; what was not fetched yet stays with Telegram."""
    if not settings().telegram_bot_token:
        return 0
    from app.bot_api import the_client
    from app.intake.telegram import turns

    return turns.answer_received(the_client())


def _send() -> int:
    if not settings().telegram_bot_token:
        return 0
    from app.bot_api import the_client
    from app.intake.telegram.sole import Sole
    from app.notify import telegram

    sole = Sole()
    if not sole.is_mine():  # the bot runs and sends
        return 0
    try:
        return telegram.send(the_client())
    finally:
        sole.give_up()

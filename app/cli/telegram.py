"""`flask telegram`: what Telegram knows of the bot, and where it posts updates."""

from __future__ import annotations

import click
from flask import Blueprint

from app.config import settings

bp = Blueprint("telegram_commands", __name__, cli_group="telegram")
bp.cli.help = "The Telegram bot."


@bp.cli.command("webhook")
@click.argument("act", type=click.Choice(["show", "set", "delete"]), default="show")
def webhook(act: str) -> None:
    """Show where Telegram posts updates, tell it TELEGRAM_WEBHOOK, or let it post nowhere."""
    from app.bot_api import BotApiError, the_client
    from app.intake.telegram import webhook as road

    if not settings().telegram_bot_token:
        raise click.ClickException("TELEGRAM_BOT_TOKEN is not set.")
    if act == "set" and not settings().telegram_webhook:
        raise click.ClickException("TELEGRAM_WEBHOOK is not set; it names the address that Telegram posts to.")
    client = the_client()
    try:
        if act == "set":
            road.set_up(client)
        elif act == "delete":
            client.delete_webhook()
        about = client.webhook()
    except BotApiError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Webhook: {about.get('url') or 'none, the bot asks for updates'}")
    click.echo(f"Waiting updates: {about.get('pending_update_count', 0)}")
    if said := about.get("last_error_message"):
        click.echo(f"Last error: {said}")

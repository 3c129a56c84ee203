"""`python -m workers.bot`: the Telegram bot by long polling; ends quietly when no token is set."""

from __future__ import annotations

import sys

from app import config


def main() -> None:
    """Without a token there is nothing to do, and that is no fault."""
    if config.from_process().telegram_bot_token:
        sys.exit("TELEGRAM_BOT_TOKEN is set, but this version answers no Telegram messages yet; unset it.")


if __name__ == "__main__":
    main()

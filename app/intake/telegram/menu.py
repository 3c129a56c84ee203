"""The commands that Telegram offers beside the field in which people write, in the languages that the bot speaks."""

from __future__ import annotations

import logging

from flask_babel import force_locale

from app.bot_api import BotApiError, Client
from app.config import settings
from app.translate import _

log = logging.getLogger(__name__)

LANGUAGES = ("ru", "en")


class Menu:
    """What one process tells Telegram of the commands: once, at its start, for a new version may have others."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._is_told = False

    def see_to_it(self) -> None:
        """Tell it, if that was not done; what Telegram refuses costs the menu and nothing else."""
        if self._is_told:
            return
        try:
            for language in LANGUAGES:
                with force_locale(language):
                    self._client.set_commands(commands(), language)
            with force_locale(settings().language):
                self._client.set_commands(commands())  # to those who speak neither
        except BotApiError as error:
            log.warning("the bot's menu could not be set: %s", error)
        self._is_told = True


def commands() -> dict[str, str]:
    """The commands worth showing, with a few words each, in the present language."""
    return {
        "new": _("Новая заявка"),
        "my": _("Мои заявки"),
        "call": _("Позвонить"),
        "cancel": _("Отменить начатое"),
        "help": _("Что умеет этот бот"),
        "en": "English",
        "ru": "Русский",
        "stop": _("Отключить этот чат"),
    }

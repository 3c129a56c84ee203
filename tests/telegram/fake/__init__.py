"""A strict Bot API server for tests and for a developer at the desk: refuses what the real one refuses.

Made from the published descriptions of methods and types (core.telegram.org/bots/api), with the wording of the real
server's refusals. Stricter in one thing: a parameter that a method does not have is refused, not passed over.

    with running() as fake:                       # fake.url is TELEGRAM_API_URL, fake.token TELEGRAM_BOT_TOKEN
        carol = fake.user("Ольга", phone="+79005550144")
        carol.start()                             # her chat begins
        assert "Здравствуйте" in carol.hears("техническая поддержка").text
        carol.tap("Передать номер")               # a button in place of the keyboard
        carol.press("Да, это я")                  # a button under a message

    python -m tests.telegram.fake --port 8081     # and chat with the bot from the terminal
"""

from __future__ import annotations

from tests.telegram.fake.people import User
from tests.telegram.fake.server import FakeBotApi, running
from tests.telegram.fake.shapes import Refusal
from tests.telegram.fake.world import Call, Said

__all__ = ["Call", "FakeBotApi", "Refusal", "Said", "User", "running"]

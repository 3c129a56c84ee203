"""The dialogue with customers in Telegram, as a table of steps; it commits nothing of a turn itself.

Where a talk stands is kept in ``Chat.step`` and ``Chat.draft``; requests come by ``intake.receive``, all else by verbs.
"""

from app.intake.telegram.dialogue.registering import run_due
from app.intake.telegram.dialogue.turns import apologise, respond

__all__ = ["apologise", "respond", "run_due"]

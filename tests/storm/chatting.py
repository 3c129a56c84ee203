"""Telegram in the storm: people who write once and wait for a number, a server of moods, and what both remember."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection, text

from tests.storm.attempts import Attempt
from tests.telegram.fake import FakeBotApi, User

ROAD = "telegram"
DRAFT_AFTER = "6s"  # they tell their trouble and say no more: the draft registers itself
MOST_LINES = 10  # what fits under a file
OWED = {
    "updates": "SELECT count(*) FROM bot_updates WHERE work_at IS NOT NULL",
    "drafts": "SELECT count(*) FROM chats WHERE registers_at IS NOT NULL",
    "messages": "SELECT count(*) FROM bot_messages WHERE next_attempt_at IS NOT NULL",
}
MOODS = ("502", "429", "drops", "cuts", "hangs", "down")
_NUMBER = re.compile(r"Заявка принята\. Номер (\d+)")


class Chats:
    """Everybody's telephone. What Telegram has taken is a yes: the desk must come and get it."""

    def __init__(self, fake: FakeBotApi) -> None:
        self._fake = fake
        self._people: dict[str, User] = {}

    def by_telegram(self, attempt: Attempt) -> None:
        """One message, with a file or without."""
        attempt.lines = min(attempt.lines, MOST_LINES)
        attempt.tries += 1
        person = self._people[attempt.mark] = self._fake.user(attempt.mark)
        if attempt.file:
            person.document("note.bin", attempt.file, attempt.text)
        else:
            person.write(attempt.text)
        attempt.is_yes = True

    def upset(self) -> str:
        """Let one trouble come over the server; says which."""
        weather = self._fake.weather
        mood = random.choice(MOODS)
        match mood:
            case "502":
                weather.fail(status=502, times=random.randint(1, 20))
            case "429":
                weather.slow_down(random.randint(1, 4), "sendMessage", times=3)
            case "drops":
                weather.drop(times=random.randint(1, 10))
            case "cuts":
                weather.cut(times=random.randint(1, 10))
            case "hangs":
                weather.hang(3.0, times=3)
            case "down":
                weather.is_down = True
        return f"telegram {mood}"

    def clear_up(self) -> None:
        self._fake.weather.clear()

    def read_numbers(self, attempts: Iterable[Attempt]) -> None:
        """Let each attempt know what number its writer was told."""
        for attempt in attempts:
            if person := self._people.get(attempt.mark):
                told = [found[1] for words in person.texts if (found := _NUMBER.search(words))]
                attempt.number = told[0] if told else ""
                if len(set(told)) != 1:
                    attempt.refusals.append(f"SAID {len(set(told))} numbers: {told}")

    def faults(self, connection: Connection) -> tuple[dict[str, int], list[str]]:
        """What the server has against what the desk believes; figures, and every fault in words."""
        rows = connection.execute(text("SELECT chat_id, sent_id, state FROM bot_messages")).all()
        known = {(row.chat_id, row.sent_id) for row in rows if row.sent_id is not None}
        said = {(one.chat_id, one.message_id) for one in self._fake.said}
        found = [
            f"message {message} of {chat}: marked sent, and Telegram has not got it" for chat, message in known - said
        ]
        undone = connection.execute(text("SELECT id FROM bot_updates WHERE outcome IN ('', 'failed')")).scalars()
        found += [f"update {update_id} was brought to no end" for update_id in undone]
        figures = {f"messages {state}": count for state, count in sorted(Counter(row.state for row in rows).items())}
        return {**figures, "messages said again": len(said - known)}, found

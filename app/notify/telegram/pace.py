"""How fast messages may leave: 28 a second over all chats, one a second to each, none while Telegram wants quiet."""

from __future__ import annotations

import time

EVERY = 1 / 28  # seconds between two messages; the Bot API takes 30 a second
CHAT_GAP = 1.05  # seconds between two messages to one chat
_FIRST_REST, _LONGEST_REST = 1.0, 30.0  # seconds without a try once nobody answers; doubled each time


class Pace:
    """Of one bot in one process; by the monotonic clock."""

    def __init__(self) -> None:
        self._next = 0.0
        self._free_at: dict[int, float] = {}  # chats that were written to just now
        self._slowed: dict[int, float] = {}  # chats that answered 429
        self._rests_until = 0.0
        self._rest = 0.0

    def busy(self) -> list[int]:
        """The chats that nothing may go to yet."""
        now = time.monotonic()
        self._free_at = {chat: at for chat, at in self._free_at.items() if at > now}
        return list(self._free_at)

    def wait_turn(self) -> None:
        """Sleep until the next message may leave."""
        now = time.monotonic()
        self._next = max(self._next, now)
        if self._next > now:
            time.sleep(self._next - now)
        self._next += EVERY

    def spoke(self, chat_id: int) -> None:
        """A message has reached this chat, or may have."""
        self._free_at[chat_id] = time.monotonic() + CHAT_GAP

    def slow_down(self, chat_id: int, seconds: float) -> None:
        """429: this chat waits; where a second chat hears the same meanwhile, it is meant for all."""
        now = time.monotonic()
        self._free_at[chat_id] = now + seconds
        self._slowed = {chat: at for chat, at in self._slowed.items() if at > now} | {chat_id: now + seconds}
        if len(self._slowed) > 1:
            self._rests_until = max(self._rests_until, *self._slowed.values())

    def is_in_trouble(self) -> bool:
        """Whether the last try met nobody: then one message at a time finds out."""
        return self._rest > 0

    def met_nobody(self) -> None:
        """Rest, longer each time; what was under way beside the first tells nothing new."""
        if self.rest() and self.is_in_trouble():
            return
        self._rest = min(_LONGEST_REST, 2 * self._rest or _FIRST_REST)
        self._rests_until = time.monotonic() + self._rest

    def met_somebody(self) -> None:
        self._rest = 0.0

    def rest(self) -> float:
        """For how many seconds nothing at all may leave."""
        return max(0.0, self._rests_until - time.monotonic())

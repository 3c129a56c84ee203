"""What goes wrong on demand, and the limits that the bot must keep: 30 messages a second, one a second to a chat."""

from __future__ import annotations

import math
import time
from collections import deque
from dataclasses import dataclass, field

from tests.telegram.fake.shapes import Refusal

SLACK = 0.05  # seconds; a message does not travel in no time


@dataclass
class Fault:
    """One kind of trouble, for the next ``times`` calls that it concerns."""

    kind: str  # status, retry, drop, cut, hang
    method: str = ""
    chat_id: int | None = None
    times: int = 1
    status: int = 500
    seconds: float = 0.0
    words: str = ""

    def concerns(self, method: str, chat_id: object) -> bool:
        is_method = self.method in {"", method}
        return self.times > 0 and is_method and (self.chat_id is None or str(self.chat_id) == str(chat_id))


@dataclass
class Limits:
    """Sliding windows; who exceeds one waits ``penalty`` seconds, and each call meanwhile is refused too."""

    a_second: int = 30
    chat_gap: float = 1.0  # seconds between two messages to one chat
    penalty: int = 1
    exceeded: list[str] = field(default_factory=list)
    _sent: deque[float] = field(default_factory=deque)
    _last: dict[int, float] = field(default_factory=dict)
    _barred: dict[int, float] = field(default_factory=dict)  # chat, 0 for all: until when

    def check(self, chat_id: int) -> None:
        now = time.monotonic()
        for who in (0, chat_id):
            if self._barred.get(who, 0) > now:
                raise _too_many(self._barred[who] - now)
        while self._sent and self._sent[0] <= now - 1 + SLACK:
            self._sent.popleft()
        if len(self._sent) >= self.a_second:
            self._bar(0, now, f"over {self.a_second} messages a second")
        if now - self._last.get(chat_id, -math.inf) < self.chat_gap - SLACK:
            self._bar(chat_id, now, f"over one message a second to {chat_id}")
        self._sent.append(now)
        self._last[chat_id] = now

    def _bar(self, who: int, now: float, words: str) -> None:
        self.exceeded.append(words)
        self._barred[who] = now + self.penalty
        raise _too_many(self.penalty)


def _too_many(seconds: float) -> Refusal:
    wait = max(1, math.ceil(seconds))
    return Refusal(429, f"Too Many Requests: retry after {wait}", retry_after=wait)


class Weather:
    """The faults that are ordered, in turn, and the limits."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.limits = Limits()
        self.is_down = False  # every connection breaks without a word

    def fail(
        self,
        method: str = "",
        *,
        status: int = 500,
        times: int = 1,
        chat_id: int | None = None,
        words: str = "Internal Server Error",
    ) -> None:
        """The next calls are refused with a status and nothing is done."""
        self.faults.append(Fault("status", method, chat_id, times, status, words=words))

    def slow_down(self, seconds: int, method: str = "", *, times: int = 1, chat_id: int | None = None) -> None:
        """The next calls get 429 with ``retry_after``."""
        self.faults.append(Fault("retry", method, chat_id, times, 429, seconds))

    def drop(self, method: str = "", *, times: int = 1, chat_id: int | None = None) -> None:
        """The connection breaks before anything is done."""
        self.faults.append(Fault("drop", method, chat_id, times))

    def cut(self, method: str = "", *, times: int = 1, chat_id: int | None = None) -> None:
        """What is asked is done, but the connection breaks before the answer."""
        self.faults.append(Fault("cut", method, chat_id, times))

    def hang(self, seconds: float, method: str = "", *, times: int = 1) -> None:
        """The answer comes late."""
        self.faults.append(Fault("hang", method, None, times, seconds=seconds))

    def clear(self) -> None:
        self.faults.clear()
        self.is_down = False

    def take(self, method: str, chat_id: object) -> Fault | None:
        """The fault that this call meets, used up by one."""
        for fault in self.faults:
            if fault.concerns(method, chat_id):
                fault.times -= 1
                return fault
        return None

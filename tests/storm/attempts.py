"""What the writers tried: each request has a mark of its own, and "yes" is written down the moment it is heard."""

from __future__ import annotations

import random
import secrets
import threading
from dataclasses import dataclass, field

WORDS = "касса принтер сеть отчёт договор сервер почта экран бухгалтерия склад телефон пароль".split()


@dataclass
class Attempt:
    """One request that somebody tries to hand in, by one road."""

    road: str
    mark: str = field(default_factory=lambda: f"storm{secrets.token_hex(6)}")
    lines: int = field(default_factory=lambda: random.randint(3, 120))
    file: bytes = field(default_factory=lambda: secrets.token_bytes(2000) if random.random() < 0.3 else b"")
    tries: int = 0
    is_yes: bool = False
    number: str = ""
    refusals: list[str] = field(default_factory=list)

    @property
    def email(self) -> str:
        return f"{self.mark}@customer.example"

    @property
    def text(self) -> str:
        """The whole text; its first and last lines carry the mark."""
        rng = random.Random(self.mark)  # the same at every try
        body = [" ".join(rng.choices(WORDS, k=8)).capitalize() + "." for _ in range(self.lines)]
        return "\n".join([f"Начало {self.mark}.", *body, f"Конец {self.mark}."])


class Attempts:
    """All of them, from every writer."""

    def __init__(self) -> None:
        self._all: list[Attempt] = []
        self._lock = threading.Lock()

    def new(self, road: str) -> Attempt:
        attempt = Attempt(road)
        with self._lock:
            self._all.append(attempt)
        return attempt

    def made(self) -> list[Attempt]:
        """Those that were tried at least once."""
        with self._lock:
            return [attempt for attempt in self._all if attempt.tries]

"""The engineer of the storm: solves by the API what customers were told a number for."""

from __future__ import annotations

import random
import threading

import requests

from tests.processes.desk import Desk
from tests.storm.attempts import Attempts

MOST_TRIES = 3


class Engineer(threading.Thread):
    """Solves one request after another; ``solved`` holds the numbers that were answered with yes."""

    def __init__(self, desk: Desk, attempts: Attempts, pause: float) -> None:
        super().__init__(name="engineer", daemon=True)
        self.is_over = threading.Event()
        self.solved: set[str] = set()
        self._tried: set[str] = set()
        self._desk, self._attempts, self._pause = desk, attempts, pause
        self._token = desk.flask("token", "add", "storm", "--role", "engineer").split()[-1]

    def run(self) -> None:
        while not self.is_over.wait(random.uniform(0.5, 1.5) * self._pause):
            known = {attempt.number for attempt in self._attempts.made() if attempt.number}
            for number in sorted(known - self._tried)[:1]:
                self._tried.add(number)
                self._solve(number)

    def _solve(self, number: str) -> None:
        for _ in range(random.randint(1, MOST_TRIES)):
            try:
                answer = requests.post(
                    f"{self._desk.url}/api/v1/tickets/{number}/solution",
                    json={"text": "Готово, проверьте, пожалуйста."},
                    headers={"Authorization": f"Bearer {self._token}"},
                    timeout=30,
                )
            except requests.RequestException:
                continue
            if answer.ok:
                self.solved.add(number)
                return

"""A Bot API and the people who chat through it, in a process of its own: it says its address, then its figures (JSON).

Each person answers what the bot asks, after a while to read and type, and tells of one trouble after the other.
"""

from __future__ import annotations

import heapq
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.telegram.fake import FakeBotApi, Said, User
from tests.telegram.fake.people import PNG

THINKING = (3.0, 8.0)  # seconds between the bot's words and the next act
PATIENCE = 40.0  # seconds after the last act, for what is still owed
LOOK_EVERY = 0.005  # seconds
PHOTOS = 0.3  # share of requests that come with a picture


def main() -> None:
    plan = json.loads(sys.stdin.readline())
    fake = FakeBotApi()
    print(json.dumps(fake.settings), flush=True)
    sys.stdin.readline()  # the desk is up
    print(json.dumps(Crowd(fake, plan["chats"], plan["seconds"]).run()), flush=True)
    fake.close()


@dataclass
class Chatter:
    """One person: what they asked last, and when."""

    user: User
    number: int
    asked_at: float = 0.0  # 0: the bot owes them nothing
    heard: Said | None = None
    marks: list[str] = field(default_factory=list)
    numbers: int = 0  # requests that they were told the number of


class Crowd:
    """All of them, in one thread: who has read goes on at a moment of their own."""

    def __init__(self, fake: FakeBotApi, size: int, seconds: float) -> None:
        self._fake, self._seconds = fake, seconds
        self._chatters = {user.id: Chatter(user, number) for number, user in enumerate(self._people(size))}
        self._read = 0
        self._times: list[float] = []
        self._plans: list[tuple[float, int, int]] = []
        self._serial = count()
        self._acts = 0

    def _people(self, size: int) -> Iterator[User]:
        for number in range(size):
            yield self._fake.user(f"Человек {number}", phone=f"+7900{number:07}")

    def run(self) -> dict[str, Any]:
        self._fake.wait(lambda: self._fake.called("getUpdates"), 60)
        began = time.time()
        for chatter in self._chatters.values():  # a crowd comes within a few seconds, not at one moment
            self._plan(chatter, began + random.uniform(0, THINKING[1]))
        while time.time() < began + self._seconds:
            self._listen()
            while self._plans and self._plans[0][0] <= time.time():
                self._act(self._chatters[heapq.heappop(self._plans)[2]])
            time.sleep(LOOK_EVERY)
        self._plans.clear()
        quiet_at = time.time() + PATIENCE
        while self._owed() and time.time() < quiet_at:
            self._listen()
            time.sleep(LOOK_EVERY)
        return self._figures(began)

    def _owed(self) -> int:
        return sum(chatter.asked_at > 0 for chatter in self._chatters.values())

    def _plan(self, chatter: Chatter, at: float) -> None:
        heapq.heappush(self._plans, (at, next(self._serial), chatter.user.id))

    def _listen(self) -> None:
        said = self._fake.world.said
        while self._read < len(said):
            one = said[self._read]
            self._read += 1
            chatter = self._chatters[one.chat_id]
            chatter.heard = one
            chatter.numbers += "Заявка принята" in one.text
            if chatter.asked_at:
                self._times.append((one.at - chatter.asked_at) * 1000)
                chatter.asked_at = 0.0
                self._plan(chatter, time.time() + random.uniform(*THINKING))

    def _act(self, chatter: Chatter) -> None:
        chatter.asked_at = time.time()
        self._acts += 1
        said = chatter.heard
        for words, answer in ANSWERS if said else ():
            if said and words in said.text:
                answer(chatter, said)
                return
        mark = f"{chatter.number}-{len(chatter.marks)}-{random.getrandbits(40):x}"
        chatter.marks.append(mark)
        chatter.user.write(f"Не работает программа, метка {mark}")

    def _figures(self, began: float) -> dict[str, Any]:
        sends = [call for call in self._fake.calls if call.method.startswith("send")]
        per_second = Counter(int(said.at - began) for said in self._fake.said)
        times = sorted(self._times)
        return {
            "acts": self._acts,
            "answered": len(times),
            "unanswered": self._owed(),
            "messages": len(self._fake.said),
            "busiest": max(per_second.values(), default=0),
            "refused": sum(call.status == 429 for call in sends),
            "exceeded": len(self._fake.weather.limits.exceeded),
            "requests": sum(chatter.numbers for chatter in self._chatters.values()),
            "marks": [mark for chatter in self._chatters.values() for mark in chatter.marks],
            **{name: _quantile(times, part) for name, part in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))},
        }


def _press(label: str) -> Callable[[Chatter, Said], object]:
    return lambda chatter, said: chatter.user.press(label, said)


def _write(words: str) -> Callable[[Chatter, Said], object]:
    return lambda chatter, _said: chatter.user.write(words.format(number=chatter.number))


def _send_files(chatter: Chatter, said: Said) -> None:
    if random.random() < PHOTOS:
        chatter.user.photo(PNG)
    else:
        chatter.user.press("Отправить без файлов", said)


ANSWERS: tuple[tuple[str, Callable[[Chatter, Said], object]], ...] = (
    ("Чтобы найти ваш договор", _write("Ввести вручную")),
    ("Как называется ваша компания", _write("ООО «Ромашка {number}»")),
    ("Как вас зовут", _write("Иванов Пётр Номер-{number}")),
    ("Напишите ваш e-mail", _write("user{number}@chatters.example")),
    ("По какому телефону", _write("+7 900 {number:07}")),
    ("У кого это и где", _write("у меня, кабинет {number}")),
    ("Насколько срочно", _press("Обычная: срок по договору")),
    ("Пришлите снимок", _send_files),
    ("Проверьте заявку", _press("Отправить заявку")),
    ("или новая?", _press("Новая заявка")),
)


def _quantile(times: list[float], part: float) -> float:
    return times[min(len(times) - 1, int(len(times) * part))] if times else 0.0


if __name__ == "__main__":
    main()

"""The fake Bot API as tests hold it: its people, its troubles, what it was asked and what was said through it."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.telegram.fake.doors import Doors
from tests.telegram.fake.methods import Methods
from tests.telegram.fake.people import User
from tests.telegram.fake.shapes import Json, Params, Refusal
from tests.telegram.fake.updates import Updates
from tests.telegram.fake.weather import Weather
from tests.telegram.fake.world import DEFAULT_TOKEN, Call, Said, World


class FakeBotApi:
    """The Bot API for one bot; ``url`` is its address, ``weather`` what goes wrong."""

    def __init__(self, *, token: str = DEFAULT_TOKEN, username: str = "StekHelpBot", port: int = 0) -> None:
        self.world, self.weather = World(token, username), Weather()
        self.updates = Updates(self.world)
        self.token = token
        self.methods = {**Methods(self.world, self.weather).table, **self.updates.table}
        self._ids = itertools.count(7_000_000_001)  # more than 32 bits, as real ones have
        self._people: dict[int, User] = {}
        self.port = port
        self.open()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """What a desk must be told to use it."""
        return {"TELEGRAM_BOT_TOKEN": self.token, "TELEGRAM_API_URL": self.url}

    @property
    def calls(self) -> list[Call]:
        """Every call so far, refused ones too."""
        return list(self.world.calls)

    @property
    def said(self) -> list[Said]:
        """Every message of the bot, to whomever."""
        return list(self.world.said)

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def user(self, first_name: str, last_name: str = "", *, phone: str = "", language: str = "ru", id: int = 0) -> User:  # noqa: A002
        """Somebody who has not written yet."""
        with self.world.changed:
            about: Json = {"id": id or next(self._ids), "is_bot": False, "first_name": first_name}
            about |= {"language_code": language, **({"last_name": last_name} if last_name else {})}
            self.world.users[about["id"]] = about
            person = self._people[about["id"]] = User(self, about, phone)
            return person

    def person(self, user_id: int) -> User:
        return self._people[user_id]

    def send_raw(self, kind: str, content: Any) -> int:
        """An update of any kind and content; gives its id."""
        return self.world.add_update(kind, content)

    def send_again(self, update: Json) -> None:
        """The same update once more, as after a lost answer."""
        with self.world.changed:
            self.world.updates.append(update)
            self.world.changed.notify_all()

    def wait(self, holds: Any, seconds: float = 15.0) -> None:
        """Wait for a condition on what was said and called."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, f"not in {seconds} s; said were {[one.text for one in self.said[-5:]]}"
            time.sleep(0.02)

    def open(self) -> None:
        """Answer, on the same port as before."""
        self.world.is_over = False
        self._http = Doors(self.port, self)
        self.port = self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, args=(0.05,), name="fake bot api", daemon=True).start()
        threading.Thread(target=self.updates.post_for_ever, name="fake webhook", daemon=True).start()

    def close(self) -> None:
        """Nobody answers any more; what is known is kept."""
        with self.world.changed:
            self.world.is_over = True
            self.world.changed.notify_all()
        self._http.shutdown()
        self._http.server_close()

    def perform(self, call: Call, params: Params) -> Any:
        """One call of a method, checked, with whatever trouble was ordered for it."""
        fault = self.weather.take(call.method, params.given.get("chat_id"))
        if fault and fault.kind == "hang":
            time.sleep(fault.seconds)
        elif fault and fault.kind in {"drop", "cut"}:
            call.is_cut = True
            if fault.kind == "drop":
                return None
        elif fault:
            more = {"retry_after": int(fault.seconds)} if fault.kind == "retry" else {}
            words = f"Too Many Requests: retry after {int(fault.seconds)}" if more else fault.words
            raise Refusal(fault.status, words, **more)
        if call.method not in self.methods:
            raise Refusal(404, "Not Found: method not found")
        with self.world.changed:
            result = self.methods[call.method](params)
            self.world.changed.notify_all()
            return result


@contextmanager
def running(**about: Any) -> Iterator[FakeBotApi]:
    """A server that answers until the block ends."""
    fake = FakeBotApi(**about)
    try:
        yield fake
    finally:
        fake.close()

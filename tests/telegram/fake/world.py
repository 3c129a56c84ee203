"""What the fake server knows: who there is, what was said, which updates wait, which calls came when."""

from __future__ import annotations

import itertools
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app import clock

Json = dict[str, Any]
DEFAULT_TOKEN = "7001:AAFakeBotTokenForTestsAlone_0123456789ab"
NEVER_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass
class Call:
    """One call of the bot; ``at`` by the machine's clock in seconds, ``status`` 0 while it is being answered."""

    method: str
    params: Json
    at: float
    status: int = 0
    description: str = ""
    is_cut: bool = False  # done, but the answer never left

    @property
    def is_done(self) -> bool:
        return self.status == 200


@dataclass
class Said:
    """A message of the bot as its reader sees it. ``buttons``: rows under it, as they stand now."""

    message_id: int
    chat_id: int
    text: str
    at: float
    buttons: list[list[Json]] = field(default_factory=list)
    keyboard: list[list[Json]] | None = None  # in place of the keyboard; [] takes it away
    reply_to: int | None = None
    file_name: str = ""
    content: bytes = b""
    is_edited: bool = False
    kind: str = "text"  # text, document, photo
    json: Json = field(default_factory=dict, repr=False)

    @property
    def labels(self) -> list[str]:
        """The words on its buttons, in reading order."""
        return [button["text"] for row in self.buttons for button in row]


@dataclass(frozen=True)
class KeptFile:
    """A file that somebody sent; ``size`` may be announced greater than what is kept."""

    content: bytes
    size: int
    path: str


@dataclass
class Hook:
    """Where updates are posted to."""

    url: str
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_at: int = 0


class World:
    """The server's state; whoever reads or changes it holds ``changed``, whoever changes it notifies."""

    def __init__(self, token: str = DEFAULT_TOKEN, username: str = "StekHelpBot") -> None:
        self.token = token
        self.me: Json = {"id": int(token.partition(":")[0]), "is_bot": True, "first_name": "СТЕК", "username": username}
        self.changed = threading.Condition(threading.RLock())
        self.users: dict[int, Json] = {}
        self.chats: dict[int, Json] = {}  # those that the bot may write to, by id
        self.blocked: set[int] = set()
        self.gone: set[int] = set()  # people who deleted their account
        self.moved: dict[int, int] = {}  # groups that became supergroups
        self.messages: dict[tuple[int, int], Json] = {}
        self.said: list[Said] = []
        self.answers: dict[str, Json] = {}  # answers to presses, by the query's id
        self.queries: dict[str, tuple[float, int]] = {}  # when each was pressed, and by whom
        self.updates: deque[Json] = deque()
        self.files: dict[str, KeptFile] = {}
        self.calls: list[Call] = []
        self.hook: Hook | None = None
        self.allowed: list[str] = []
        self.commands: dict[str, dict[str, str]] = {}  # the menu, by language; "" for all others
        self.now: Callable[[], float] = lambda: clock.now().timestamp()  # so that tests that move time move it here too
        self.poll = 0  # the number of the latest getUpdates: an earlier one that still waits is told so
        self.is_over = False
        self._update_ids = itertools.count(880_000_001)
        self._message_ids: dict[int, itertools.count[int]] = {}

    def next_message_id(self, chat_id: int) -> int:
        return next(self._message_ids.setdefault(chat_id, itertools.count(1)))

    def add_update(self, kind: str, content: Any) -> int:
        """Let the bot hear of something; -1 when it has said that it does not want such updates."""
        with self.changed:
            if kind not in self.allowed if self.allowed else kind in NEVER_BY_DEFAULT:
                return -1
            update_id = next(self._update_ids)
            self.updates.append({"update_id": update_id, kind: content})
            self.changed.notify_all()
            return update_id

    def keep_file(self, content: bytes, size: int | None = None, suffix: str = "") -> tuple[str, int]:
        """A new file's id and size; ``size``: what is announced, where it is not the true one."""
        file_id = "AgACAgIAAx" + secrets.token_urlsafe(24)
        announced = len(content) if size is None else size
        self.files[file_id] = KeptFile(content, announced, f"files/file_{len(self.files)}{suffix}")
        return file_id, announced

    def note(self, method: str, params: Json) -> Call:
        call = Call(method, params, time.time())
        with self.changed:
            self.calls.append(call)
        return call

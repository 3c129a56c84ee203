"""`python -m workers.bot`: the Telegram bot: updates in, answers, messages out; ends quietly when no token is set."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from types import FrameType

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app import bell, config, heartbeats
from app.bot_api import BotApiError, Client, RetryAfter, the_client
from app.config import settings
from app.extensions import db
from app.intake.telegram import road_watch, turns
from app.intake.telegram.menu import Menu
from app.intake.telegram.polling import Poll
from app.intake.telegram.sole import Sole
from app.intake.telegram.webhook import Hook
from app.notify import telegram
from workers import house, job

log = logging.getLogger("workers.bot")  # __name__ is __main__ here

NAME = "telegram"
POLL_WAIT = 25  # seconds that Telegram may keep a question for updates
ANSWERERS = 3  # one file that comes slowly keeps nobody else waiting
LOOK_EVERY = 0.5  # seconds between two looks into SQL when nobody rings
AT_MOST = 4.0  # seconds of work between two looks at the signal
STAND_BY = 1.0  # seconds until another process's place may be free
HOOK_EVERY = 30.0  # seconds between two looks at the webhook
LONGEST_PAUSE = 30.0  # seconds between two tries at a Telegram that does not answer
_PATIENCE = 10.0  # seconds for what is in hand at the end

_standing_in: Road | None = None


class Bot:
    """Threads of one process: one asks, several answer, one sends; asking and sending are one process's at a time."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        with app.app_context():
            self._client = the_client()
        self._road, self._sole = Road(self._client), Sole()
        self._is_over, self._is_chosen = threading.Event(), threading.Event()
        self._pause = 1.0

    def run(self) -> None:
        """Work until SIGTERM, then end what is in hand."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self._start("ask", self._ask)
        workers = [self._start(f"answer {number}", partial(self._answer, number)) for number in range(ANSWERERS)]
        workers.append(self._start("send", self._send))
        while not self._is_over.is_set():
            time.sleep(0.1)  # not Event.wait, which under libfaketime wakes when true time gets there
        end = time.monotonic() + _PATIENCE
        for worker in workers:
            worker.join(max(0.0, end - time.monotonic()))

    def _start(self, name: str, turn: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=self._repeat, args=(turn,), name=name, daemon=True)
        thread.start()
        return thread

    def _repeat(self, turn: Callable[[], None]) -> None:
        """Turn after turn; whatever goes wrong, the next one comes."""
        while not self._is_over.is_set():
            try:
                with self._app.app_context():
                    turn()
            except SQLAlchemyError as error:
                log.warning("The database does not answer the bot: %s", type(error).__name__)
                self._sleep(LOOK_EVERY)
            except Exception:
                log.exception("a turn of the bot failed; the next one comes")
                self._sleep(STAND_BY)

    def _ask(self) -> None:
        """Fetch updates once, or see that they are posted to us."""
        try:
            is_mine = self._sole.is_mine()
        except SQLAlchemyError:
            self._is_chosen.clear()
            raise
        if not is_mine:
            self._sleep(STAND_BY)
            return
        self._is_chosen.set()
        try:
            trouble = self._road.hear(POLL_WAIT)
        except BotApiError as error:
            trouble = str(error)
            self._sleep(error.seconds if isinstance(error, RetryAfter) else self._pause)
            self._pause = min(LONGEST_PAUSE, self._pause * 2)
        else:
            self._pause = 1.0
            if settings().telegram_webhook:
                self._sleep(HOOK_EVERY)
        _note_road(trouble)

    def _answer(self, number: int) -> None:
        work = partial(turns.answer_received, self._client, seconds=AT_MOST)
        done = job.perform(NAME, work) if number == 0 else work()
        if not done:
            bell.wait("telegram:in", LOOK_EVERY)

    def _send(self) -> None:
        if not self._is_chosen.is_set() or not telegram.send(self._client, until=time.monotonic() + AT_MOST):
            bell.wait("telegram:out", LOOK_EVERY)

    def _sleep(self, seconds: float) -> None:
        """So long, or until the end."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self._is_over.is_set():
            time.sleep(min(0.1, seconds))

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._is_over.set()


def stand_in() -> int:
    """A dead bot's work, done once by whoever notices; the place of a living one is left alone."""
    return job.perform(NAME, _do_once)


def _do_once() -> int:
    global _standing_in
    _standing_in = _standing_in or Road(the_client())  # kept, and with it the pace and what was confirmed
    client, sole = _standing_in.client, Sole()
    if not sole.is_mine():
        return turns.answer_received(client, seconds=AT_MOST)
    try:
        _note_road(_trouble(_standing_in))
        answered = turns.answer_received(client, seconds=AT_MOST)
        return answered + telegram.send(client, until=time.monotonic() + AT_MOST)
    finally:
        sole.give_up()


def _trouble(road: Road) -> str:
    try:
        return road.hear(0)
    except BotApiError as error:
        return str(error)


class Road:
    """How updates come to one process: it asks for them, or sees that they are posted to us."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._poll, self._hook, self._menu = Poll(client), Hook(client), Menu(client)

    def hear(self, wait: int) -> str:
        """Returns what went wrong without being an error of the call itself, or nothing."""
        if settings().telegram_webhook:
            trouble = self._hook.see_to_it()
        else:
            trouble = ""
            while self._poll.once(wait) and not wait:
                pass  # who does not wait asks until there is nothing new
        self._menu.see_to_it()
        return trouble


def _note_road(trouble: str) -> None:
    db.session.rollback()
    if trouble:
        road_watch.silent(trouble)
    else:
        road_watch.heard()


def main() -> None:
    """Without a token there is nothing to do, and that is no fault."""
    if not config.from_process().telegram_bot_token:
        return
    app = house.desk_app()
    heartbeats.start(app, heartbeats.BOT)
    Bot(app).run()


if __name__ == "__main__":
    main()

"""`python -m workers.clock`: all periodic work on one screen, and the stand-in when Redis or the workers are away."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import FrameType

from sqlalchemy.exc import SQLAlchemyError

from app import bell, clock, desk_watch, heartbeats, silence_watch
from app import notify as letters
from app.config import CONFIG_KEY, settings
from workers import bot, deadlines, inbox, job, notify, person_data, search, webhook
from workers.house import desk_app

log = logging.getLogger("workers.clock")  # __name__ is __main__ here

TICK = 1.0  # seconds


@dataclass
class Duty:
    """Work that is due again and again, and the thread that does it here when nobody else has."""

    name: str
    run: Callable[[], int]
    slot: int = -1
    rung_in_vain: bool = False
    done_here_in: int = -1  # the slot in which this process last stood in
    thread: threading.Thread | None = field(default=None, repr=False)
    is_queued: bool = True  # else a process of its own does it all the time, and is not rung for

    def ring(self, every: timedelta) -> None:
        """Ring once for each slot of time, whichever clock is first."""
        seconds = max(1, round(every.total_seconds()))
        slot = int(time.time()) // seconds
        if slot != self.slot:
            self.rung_in_vain = self.is_queued and not bell.ring_slot(self.name, slot, seconds)
            self.slot = slot

    def is_neglected(self, every: timedelta, since: datetime) -> bool:
        """Whether Redis did not take the ring, or nobody has done the work for two slots.

        ``since``: when the clock began, for work that was never done. A clock that has just come back gets no time of
        grace: where everything dies every few seconds, that would be all the time there is.
        """
        return self.rung_in_vain or (job.last_ended(self.name) or since) < clock.now() - 2 * every

    def do_here(self, slot: int | None = None) -> None:
        """Do it in this process, beside the watch, once in a slot."""
        self.slot = self.slot if slot is None else slot
        if self.done_here_in == self.slot or (self.thread and self.thread.is_alive()):
            return
        self.done_here_in = self.slot
        self.thread = threading.Thread(target=self._work, name=self.name, daemon=True)
        self.thread.start()

    def _work(self) -> None:
        try:
            self.run()
        except Exception:
            log.exception("%s failed; it is tried again", self.name)


class Watch:
    """The loop; a signal ends it after the turn it is in."""

    def __init__(self) -> None:
        self.duties = [Duty("inbox", inbox.run), Duty("deadlines", deadlines.run), Duty("notify", notify.run)]
        self.duties += [Duty("search", search.run), Duty("person_data", person_data.run)]
        if desk_app().config[CONFIG_KEY].telegram_bot_token:
            self.duties.append(Duty(bot.NAME, bot.stand_in, is_queued=False))
        self.webhook = Duty("webhook", webhook.run)
        self._is_over = threading.Event()
        self._since = clock.now()

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        heartbeats.start(desk_app(), "clock", _looking(silence_watch.Watch()))
        while not self._is_over.is_set():
            time.sleep(TICK)  # not Event.wait, which under libfaketime wakes when true time gets there
            try:
                with desk_app().app_context():
                    self.turn(settings().sweep_every)
            except SQLAlchemyError as error:
                log.warning("The database does not answer the clock: %s", type(error).__name__)
        for duty in (*self.duties, self.webhook):
            if duty.thread:
                duty.thread.join(timeout=15)

    def turn(self, every: timedelta) -> None:
        """Ring for every slot of ``every``; do here what is neglected."""
        for duty in self.duties:
            duty.ring(every)
            if duty.is_neglected(every, self._since):
                duty.do_here()
        if webhook.is_due():
            self.webhook.do_here(slot=int(time.time()))
        if letters.is_due():  # a reply whose UNDO_SEND ended, a second try: they need not wait for the next slot
            bell.ring("notify")

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._is_over.set()


def _looking(silence: silence_watch.Watch) -> Callable[[], None]:
    """What this process looks after with each heartbeat: the other processes, then the desk itself."""

    def look() -> None:
        silence.look()
        desk_watch.watch(clock.now())

    return look


def main() -> None:
    """Keep the time until SIGTERM."""
    Watch().run()


if __name__ == "__main__":
    main()

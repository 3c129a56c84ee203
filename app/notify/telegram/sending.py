"""Sending what chats are owed: one claims and marks, several carry, no faster than Telegram takes it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta
from functools import partial
from typing import TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError

from app import clock, database, failpoint, outbox
from app.bot_api import Client, RetryAfter, Unreachable
from app.errors import DeliveryError
from app.extensions import db
from app.models.event import Event
from app.notify.telegram import claims, outcome
from app.notify.telegram.claims import Claim
from app.notify.telegram.pace import Pace
from app.notify.telegram.tries import Landed, Overtaken, Written
from app.notify.telegram.writing import write

log = logging.getLogger(__name__)

HANDS = 6  # messages under way at once: a slow file holds up no answer
_MOST_PATIENCE, _BREATH = 3, 0.5  # times, seconds
_LESS = 0.9  # of a rest: what is due waits it out, and is due again, in its order, when it ends
_LATE = timedelta(seconds=0.3)
_LOOK = 0.05  # seconds between two looks while all that is due waits for its chat
_LONGEST_REST = 0.5  # seconds that a caller is kept while nobody answers
_Result = TypeVar("_Result")


class _Crew:
    """What a client keeps from one round to the next: its hands with their connections, and its pace."""

    def __init__(self) -> None:
        self.hands = ThreadPoolExecutor(HANDS, "telegram")
        self.pace = Pace()


_crews: WeakKeyDictionary[Client, _Crew] = WeakKeyDictionary()


def send(client: Client, limit: int = 200, until: float | None = None) -> int:
    """Send up to ``limit`` due messages, starting none after ``until`` (monotonic); returns how many tries it made.

    Ends when nothing is due; while what is due waits for its chat's second, or for Telegram to answer again, it sleeps.
    One process sends at a time: a client's first round takes what another died with.
    """
    crew = _crews.get(client)
    if crew is None:
        crew = _crews[client] = _Crew()
        _patiently(claims.release)
    _drain_what_is_late()
    return _Round(client, crew, limit, until).run()


def _drain_what_is_late() -> None:
    """No chat waits for its answer because the workers are busy with letters, or Redis is away."""
    from app.notify.drain import drain  # which owes what is sent here: above it would be a circle

    with database.reading():
        late = select(Event.id).where(Event.drain_at <= clock.now() - _LATE).limit(1)
        is_late = db.session.scalar(late) is not None
        outbox.commit()
    if is_late:
        _patiently(drain)


class _Round:
    """One call of ``send``: messages under way, and how many there were."""

    def __init__(self, client: Client, crew: _Crew, limit: int, until: float | None) -> None:
        self._client, self._hands, self._pace = client, crew.hands, crew.pace
        self._limit, self._until = limit, until
        self._under_way: dict[Future[Landed], int] = {}  # to which chat
        self._unwritten: list[Landed] = []
        self._tries = 0

    def run(self) -> int:
        while True:
            landed, room = self._landed(), self._room()
            if landed or (room and claims.is_due(self._busy())):
                for claim in _patiently(partial(self._turn, landed, room)):
                    self._start(claim)
            elif self._under_way:
                wait(self._under_way, timeout=_LOOK if room else None, return_when=FIRST_COMPLETED)
            elif not self._waits_for_chats(room):
                return self._tries

    def _turn(self, landed: Iterable[Landed], room: int) -> list[Claim]:
        """Write down what became of messages and take the next, in one transaction."""
        try:
            with outbox.transaction():
                for one in landed:
                    outcome.note(one)
                if any(isinstance(one.trouble, Unreachable) for one in landed):
                    claims.postpone(timedelta(seconds=_LESS * self._pace.rest()))
                return claims.take(room, self._busy()) if room else []
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("the outcome of messages cannot be written together")
            for one in landed:
                _note_alone(one)
            return []

    def _start(self, claim: Claim) -> None:
        """Write one message and give it to a hand."""
        self._tries += 1
        failpoint.reach("message claimed")
        written = self._written(claim)
        if written is None:
            return
        self._pace.wait_turn()
        self._pace.spoke(claim.chat_id)
        self._under_way[self._hands.submit(_carry, self._client, claim, written)] = claim.chat_id

    def _written(self, claim: Claim) -> Written | None:
        """The message in words; for one that cannot be said its try ends here."""
        with database.reading():
            try:
                return write(claim)
            except Exception as trouble:  # a message that cannot be written must not stop the others
                if not isinstance(trouble, Overtaken | DeliveryError):
                    log.exception("message %s cannot be written", claim.message_id)
                self._unwritten.append(Landed(claim, None, clock.now(), trouble=trouble))
                return None
            finally:
                outbox.commit()  # a rollback would forget what was read

    def _landed(self) -> list[Landed]:
        """The tries that have come to an end, and what they say of the way."""
        landed = [future.result() for future in self._under_way if future.done()]
        self._under_way = {future: chat for future, chat in self._under_way.items() if not future.done()}
        for one in landed:
            self._pace.spoke(one.claim.chat_id)
            if isinstance(one.trouble, Unreachable):
                self._pace.met_nobody()
                continue
            self._pace.met_somebody()
            if isinstance(one.trouble, RetryAfter):
                self._pace.slow_down(one.claim.chat_id, one.trouble.seconds)
        unwritten, self._unwritten = self._unwritten, []
        return landed + unwritten

    def _room(self) -> int:
        """How many messages may be taken now."""
        is_late = self._until is not None and time.monotonic() >= self._until
        if is_late or self._pace.rest():
            return 0
        hands = 1 if self._pace.is_in_trouble() else HANDS
        return max(0, min(hands - len(self._under_way), self._limit - self._tries))

    def _busy(self) -> list[int]:
        return [*self._pace.busy(), *self._under_way.values()]

    def _waits_for_chats(self, room: int) -> bool:
        """Sleep while all that is due waits for its chat's second; False: there is nothing to wait for here."""
        if room and claims.is_due():
            time.sleep(_LOOK)
            return True
        time.sleep(min(self._pace.rest(), _LONGEST_REST))
        return False


def _note_alone(landed: Landed) -> None:
    """One outcome by itself; one that cannot be written at all is not sent for ever because of that."""
    try:
        with outbox.transaction():
            outcome.note(landed)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("the outcome of message %s cannot be written", landed.claim.message_id)
        with outbox.transaction():
            outcome.abandon(landed.claim, f"{type(error).__name__}: {error}"[:500], landed.at)


def _carry(client: Client, claim: Claim, written: Written) -> Landed:
    """What a hand does: one call, outside of any transaction."""
    try:
        sent_id = written.part.send(client, claim.chat_id)
    except Exception as trouble:  # noqa: BLE001  of the network or of our own, it must be written down
        return Landed(claim, written, clock.now(), trouble=trouble)
    failpoint.reach("message sent")
    return Landed(claim, written, clock.now(), sent_id=sent_id)


def _patiently(act: Callable[[], _Result]) -> _Result:
    """Do it again where the database was away or locked for long: what was sent must not stay unmarked."""
    for _ in range(_MOST_PATIENCE):
        try:
            return act()
        except (OperationalError, InterfaceError) as error:
            log.warning("%s; the outcome of a message is written again", type(error).__name__)
            time.sleep(_BREATH)
    return act()

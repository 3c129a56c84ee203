"""The rows of one finished request, as its verbs would have left them."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from app import promises, signing
from app.calendars import WorkCalendar
from app.closing_moment import printed_moment
from app.demo.bulk import plans
from app.demo.bulk.tables import Batch
from app.demo.clients import Client
from app.models.person import Person
from app.models.staff import Staff
from app.models.words import PromiseKind, Urgency
from app.notify.drain import serial
from app.promises import Statement

_MINUTE = timedelta(minutes=1)
_CHANNELS = ("web", "email", "phone", "telegram"), (45, 35, 15, 5)
_RATINGS = (5, 4, 3, 2, 1), (70, 18, 7, 3, 2)


def stamp(moment: datetime | None) -> str | None:
    """A moment as both databases read it; the session of the writer is in UTC."""
    return moment.isoformat(" ", "microseconds")[:26] if moment else None


@dataclass
class Promised:
    """A promise on its way into the batch."""

    statement: Statement
    superseded_at: datetime | None = None
    judged_at: datetime | None = None

    @property
    def kept(self) -> bool | None:
        return promises.is_kept(self.statement.due_at, self.judged_at) if self.judged_at else None


class Life:
    """Tells one request from its registration to its closing and adds its rows to the batch."""

    def __init__(self, batch: Batch, client: Client, engineer: Staff, manager: Staff, dice: random.Random) -> None:
        self._batch, self._client, self._engineer, self._manager, self._dice = batch, client, engineer, manager, dice
        self._person: Person = dice.choice(client.people)
        self._id = batch.next_ids["tickets"]
        self._channel: str = dice.choices(*_CHANNELS)[0]
        self._urgency = Urgency.URGENT if dice.random() < 0.06 else Urgency.NORMAL
        is_always = client.terms.is_round_the_clock(self._urgency)
        self._clock: WorkCalendar | None = None if is_always else client.terms.calendar
        self._solutions: list[Promised] = []
        self._holder = "queue"
        self._work = {"queue": 0, "engineer": 0, "third_party": 0, "customer": 0}  # seconds on its own clock
        self._rating: int | None = None
        self._reopened = 0

    def tell(self, number: str, created_at: datetime, intake_key: str) -> None:
        """Add everything; the request's own row last, when its figures are known."""
        plan = plans.plan(self._dice)
        title, what, whose, where = self._dice.choice(plans.requests())
        self._number, self._held_since = number, created_at
        self._register(what, created_at)
        taken_at = at = self._take(created_at)
        pace = self._pace(plan)
        for act in plan:
            at = self._step(act, at, pace)
        solved_at, closed_at = at, self._close(at)
        touched_at = max(closed_at, self._rate(solved_at, closed_at))
        self._write_promises()
        self._batch.add(
            "tickets", number, 1, "closed", False, self._urgency.value, self._channel, "none", "ru", title, what, whose,
            where, "", "[]", self._person.name, self._person.email, self._person.phone, self._client.name,
            self._person.id, self._client.id, True, True, self._engineer.id, stamp(created_at), stamp(touched_at),
            stamp(taken_at), stamp(taken_at), stamp(solved_at), stamp(closed_at), self._reopened, self._rating,
            stamp(self._solutions[-1].statement.due_at), "{}", intake_key, 1, self._client.terms.contract,
            self._worked(created_at, taken_at), *self._work.values(), True,
        )  # fmt: skip

    def _register(self, what: str, at: datetime) -> None:
        reaction, solution = promises.on_registration(self._client.terms, self._urgency, at)
        self._reaction = Promised(reaction)
        self._solutions.append(Promised(solution))
        message_id = self._message("request", what, at)
        event_id = self._event("registered", at, message_id)
        self._delivery("registered", event_id, at)

    def _take(self, created_at: datetime) -> datetime:
        allowance = self._client.terms.allowance(PromiseKind.REACTION, self._urgency)
        part = self._dice.uniform(0.05, 0.9) if self._dice.random() < 0.96 else self._dice.uniform(1.1, 1.8)
        at = self._later(created_at, allowance * part)
        self._reaction.judged_at = at
        self._pass_ball("engineer", at)
        self._event("taken", at)
        return at

    def _pace(self, plan: str) -> timedelta:
        """Our own working time a step, so that nine of ten promises are kept."""
        allowance = self._client.terms.allowance(PromiseKind.SOLUTION, self._urgency)
        share = self._dice.uniform(0.1, 0.85) if self._dice.random() < 0.93 else self._dice.uniform(1.1, 1.6)
        return allowance * share / len(plan)

    def _step(self, act: str, at: datetime, pace: timedelta) -> datetime:
        at = self._later(at, pace * self._dice.uniform(0.4, 1.0))
        message_id = self._message(plans.KINDS[act], self._dice.choice(plans.texts(act)), at)
        match act:
            case "q":
                self._pass_ball("customer", at)
                self._event("asked", at, message_id)
            case "a":
                self._answer(at)
                self._event("answered", at, message_id)
            case "o":
                self._reopen(at)
                self._event("reopened", at, message_id, data='{"times": 1}')
            case "s":
                self._solve(at, message_id)
            case _:
                self._event("noted" if act == "n" else "replied", at, message_id)
        return at

    def _answer(self, at: datetime) -> None:
        if self._holder != "customer":
            return
        current = self._solutions[-1]
        following = promises.on_resume(current.statement, self._client.terms, self._held_since, at)
        if following is not None:
            current.superseded_at = at
            self._solutions.append(Promised(following))
        self._pass_ball("engineer", at)

    def _reopen(self, at: datetime) -> None:
        self._reopened += 1
        current = self._solutions[-1]
        following = promises.on_reopen(current.statement, self._client.terms, self._urgency, self._solved_at, at)
        current.superseded_at = at
        self._solutions.append(Promised(following))
        self._holder, self._held_since = "engineer", at

    def _solve(self, at: datetime, message_id: int) -> None:
        self._pass_ball("none", at)
        self._solved_at = at
        current = self._solutions[-1]
        current.judged_at = min(at, current.statement.due_at + timedelta(seconds=1))
        if at > current.statement.due_at:
            self._escalate(current.statement.due_at, at)
        self._solution_id = message_id
        event_id = self._event("solved", at, message_id)
        self._told_at = at + self._dice.randint(3, 20) * timedelta(seconds=1)
        self._delivery("solved", event_id, self._told_at, closing_at=printed_moment(self._told_at))

    def _close(self, solved_at: datetime) -> datetime:
        at = max(printed_moment(self._told_at), solved_at)
        self._event("closed", at)
        return at

    def _rate(self, solved_at: datetime, closed_at: datetime) -> datetime:
        if self._dice.random() > 0.35:
            return closed_at
        self._rating = self._dice.choices(*_RATINGS)[0]
        at = solved_at + self._dice.uniform(5, 2000) * _MINUTE
        self._batch.add("ratings", self._id, self._solution_id, self._engineer.id, self._rating, "", "web", stamp(at))
        self._event("rated", at, data=json.dumps({"rating": self._rating, "before": None}))
        return at

    def _escalate(self, due_at: datetime, solved_at: datetime) -> None:
        self._batch.add("escalations", self._id, "missed", "", "solution", stamp(due_at), stamp(due_at + 5 * _MINUTE),
                        self._manager.id, "", stamp(max(solved_at, due_at)), "Решена.")  # fmt: skip
        self._event("escalated", due_at, data='{"cause": "missed", "text": "solution"}')

    def _pass_ball(self, holder: str, at: datetime) -> None:
        if holder != self._holder:
            self._batch.add("holdings", self._id, self._holder, stamp(self._held_since), stamp(at))
            self._work[self._holder] += self._worked(self._held_since, at)
            self._holder, self._held_since = holder, at

    def _message(self, kind: str, text: str, at: datetime) -> int:
        is_ours = kind in {"reply", "question", "note", "solution"}
        return self._batch.add(
            "messages", self._id, kind, "web" if is_ours else self._channel,
            self._engineer.name if is_ours else self._person.name, self._engineer.id if is_ours else None,
            None if is_ours else self._person.id, text, "", "[]", stamp(at), stamp(at),
        )  # fmt: skip

    def _event(self, kind: str, at: datetime, message_id: int | None = None, data: str = "{}") -> int:
        actor, name, staff_id, channel = "staff", self._engineer.name, self._engineer.id, "web"
        if kind in {"registered", "answered", "reopened", "rated"}:
            return self._batch.add("events", self._id, kind, stamp(at), "customer", self._person.name, None,
                                   self._channel, message_id, data)  # fmt: skip
        if kind in {"closed", "escalated"}:
            return self._batch.add("events", self._id, kind, stamp(at), "system", "HelpDesk", None, None, None, data)
        return self._batch.add("events", self._id, kind, stamp(at), actor, name, staff_id, channel, message_id, data)

    def _delivery(self, notice: str, event_id: int, at: datetime, closing_at: datetime | None = None) -> None:
        letter_id = signing.message_id(self._number, serial(event_id, 0))
        self._batch.add("deliveries", event_id, self._id, notice, "email", self._person.email, True, "accepted",
                        letter_id, stamp(at), 1, stamp(at), stamp(at), stamp(closing_at), False, "")  # fmt: skip

    def _write_promises(self) -> None:
        for promised in (self._reaction, *self._solutions):
            stated = promised.statement
            following = self._batch.next_ids["promises"] + 1
            self._batch.add(
                "promises", self._id, stated.kind.value, stamp(stated.due_at), stamp(stated.stated_at),
                json.dumps(stated.basis.to_json(), ensure_ascii=False), stated.why, stated.why_public,
                stated.provisional, stated.reason, stamp(stated.near_at), stamp(promised.superseded_at),
                following if promised.superseded_at else None, promised.kept, stamp(promised.judged_at),
                stated.basis.urgency.value,
            )  # fmt: skip

    def _worked(self, start: datetime, end: datetime) -> int:
        """Seconds of the request's own clock."""
        return int((self._clock.worked(start, end) if self._clock else end - start).total_seconds())

    def _later(self, at: datetime, work: timedelta) -> datetime:
        if self._clock is None:
            return (at + work).replace(microsecond=0)
        return self._clock.due(at, work)

"""A small firm of forty requests around October 2026, told by the verbs; what a report says of them is known by hand.

Service hours are Mon-Fri 9-18 in Moscow without lunch, a first answer is owed in 1 h, a solution in 8 h; urgent ones by
the clock on the wall: 10 minutes and 2 h. Day 00 is 30 September.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app import alarms, clock, outbox, tickets
from app.actor import SYSTEM, Actor
from app.clock import now
from app.extensions import db
from app.intake import Intake, receive
from app.models import Channel, Company, Ticket, Urgency
from app.models.company import name_key
from app.models.words import Holder
from app.tickets.contributions import Contribution
from tests.cast import acting, alice, bob, carol

MOSCOW = ZoneInfo("Europe/Moscow")

# number, came, company, channel, urgency, engineer, minutes to the taking, solved; then what else happened
TABLE = """
 1  01 10:00  Нева    email     normal  Алиса   5     01 11:00
 2  02 10:00  Нева    email     normal  Алиса   6     02 12:00
 3  05 10:00  Нева    email     normal  Алиса   7     05 13:00
 4  06 10:00  Нева    email     normal  Алиса   8     06 14:00
 5  07 10:00  Нева    email     normal  Алиса   9     07 15:00
 6  08 10:00  Нева    email     normal  Алиса  10     08 16:00
 7  09 10:00  Нева    email     normal  Алиса  11     09 17:00
 8  12 10:00  Нева    email     normal  Алиса  12     12 18:00 held 12:00-14:00
 9  13 10:00  Нева    email     normal  Алиса  13     14 10:00
10  14 10:00  Нева    email     normal  Алиса  14     15 11:00
11  01 12:00  Ладога  phone     normal  Борис  20     01 16:00 asked 13:00-15:00 rated 5
12  02 12:00  Ладога  phone     normal  Борис  21     02 16:00 asked 13:00-15:00 rated 5
13  05 12:00  Ладога  phone     normal  Борис  22     05 16:00 asked 13:00-15:00 rated 5
14  06 12:00  Ладога  phone     normal  Борис  23     06 16:00 asked 13:00-15:00 rated 5
15  07 12:00  Ладога  phone     normal  Борис  24     07 16:00 asked 13:00-15:00 rated 4
16  08 12:00  Ладога  phone     normal  Борис  25     08 16:00 asked 13:00-15:00 rated 4
17  09 12:00  Ладога  phone     normal  Борис  26     09 16:00 asked 13:00-15:00 rated 4
18  12 12:00  Ладога  phone     normal  Борис  27     12 16:00 asked 13:00-15:00 rated 3
19  13 12:00  Ладога  phone     normal  Борис  28     13 16:00 asked 13:00-15:00 rated 2
20  14 12:00  Ладога  phone     normal  Борис  29     14 16:00 asked 13:00-15:00 rated 1
21  15 23:00  Нева    web       urgent  Алиса   1     15 23:30
22  16 23:00  Нева    web       urgent  Алиса   2     16 23:40
23  19 23:00  Нева    web       urgent  Алиса   3     19 23:50
24  20 23:00  Нева    web       urgent  Алиса   4     21 00:00
25  21 23:00  Нева    web       urgent  Алиса   5     22 00:10
26  22 23:00  Нева    web       urgent  Алиса   6     23 00:20
27  23 23:00  Нева    web       urgent  Алиса   7     24 00:30
28  26 23:00  Нева    web       urgent  Алиса   8     27 00:40
29  27 23:00  Нева    web       urgent  Алиса   9     28 01:01
30  28 23:00  Нева    web       urgent  Алиса  10     29 01:30
31  15 09:00  Ладога  telegram  normal  Борис  30     15 10:00 again 11:00-12:00
32  16 09:00  Ладога  telegram  normal  Борис  30     16 10:00 again 11:00-12:00
33  19 09:00  Ладога  telegram  normal  Борис  30     19 10:00 again 11:00-12:00
34  20 09:00  Ладога  telegram  normal  Борис  30     20 10:00 again 11:00-12:00
35  21 09:00  Ладога  telegram  normal  Борис  30     21 10:00 again 11:00-12:00
36  22 09:00  Ладога  telegram  normal  Борис  30     22 10:00 again 11:00-12:00
37  29 10:00  -       email     normal  -      -      -
38  30 10:00  -       email     normal  -      -      -
39  30 16:00  Одна    api       normal  Алиса  10     -
40  00 10:00  Нева    email     normal  Алиса  15     01 09:30
"""


def found() -> list[Ticket]:
    """All forty, and the clock at Monday, 2 November, 10:00; what was not solved in time has been missed."""
    carol()
    for name in ("Ладога", "Одна"):
        db.session.add(Company(name=name, name_key=name_key(name), created_at=now()))
    outbox.commit()
    told = [_told(*line.split(maxsplit=8)) for line in TABLE.strip().splitlines()]
    clock.shift(datetime(2026, 11, 2, 10, 0, tzinfo=MOSCOW) - clock.now())
    alarms.sweep()
    return told


def _told(
    number: str, day: str, time: str, company: str, channel: str, urgency: str, engineer: str, taken: str, rest: str
) -> Ticket:
    came = _at(day, time)
    ticket = _asked(number, came, company, Channel(channel), Urgency(urgency))
    if engineer == "-":
        return ticket
    by = acting(alice() if engineer == "Алиса" else bob())
    tickets.take(ticket, by, came + timedelta(minutes=int(taken)))
    words = rest.split()
    if words[0] != "-":
        more = dict(zip(words[2::2], words[3::2], strict=True))
        _solved(ticket, by, day, _at(words[0], words[1]), more)
    outbox.commit()
    return ticket


def _asked(number: str, came: datetime, company: str, channel: Channel, urgency: Urgency) -> Ticket:
    known: dict[str, Any] = {
        "Нева": {"name": "Ольга", "email": "carol@neva-trade.example", "company": "Нева-Трейд"},
        "Ладога": {"name": "Пётр", "email": "petr@ladoga.example", "company": "Ладога"},
        "Одна": {"name": "Нина", "email": "nina@odna.example", "company": "Одна"},
        "-": {"name": "Кто-то", "email": f"someone{number}@elsewhere.example"},
    }[company]
    ticket = receive(Intake(channel=channel, text=f"Вопрос {number}", at=came, urgency=urgency, **known)).ticket
    outbox.commit()
    return ticket


def _solved(ticket: Ticket, by: Actor, day: str, at: datetime, more: dict[str, str]) -> None:
    if "held" in more:
        start, end = more["held"].split("-")
        tickets.hold(ticket, Holder.THIRD_PARTY, "Ждём провайдера", by, _at(day, start))
        tickets.hold(ticket, Holder.ENGINEER, "", by, _at(day, end))
    if "asked" in more:
        start, end = more["asked"].split("-")
        tickets.ask(ticket, Contribution("Какая модель?"), by, _at(day, start))
        tickets.answer(ticket, Contribution("Вот такая"), _customer(ticket), _at(day, end))
    tickets.solve(ticket, Contribution("Починили"), by, at)
    if "rated" in more:
        tickets.rate(ticket, int(more["rated"]), "", _customer(ticket), at + timedelta(minutes=5))
    if "again" in more:
        start, end = more["again"].split("-")
        tickets.reopen(ticket, Contribution("Снова не работает"), _customer(ticket), _at(day, start))
        tickets.solve(ticket, Contribution("Починили ещё раз"), by, _at(day, end))


def _customer(ticket: Ticket) -> Actor:
    return Actor.of_person(None, ticket.applicant_name, ticket.channel) if ticket.channel else SYSTEM


def _at(day: str, time: str) -> datetime:
    hour, minute = time.split(":")
    return datetime(2026, 9, 30, int(hour), int(minute), tzinfo=MOSCOW) + timedelta(days=int(day))

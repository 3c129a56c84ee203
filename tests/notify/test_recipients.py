"""The table of notices: which event tells whom, by which letter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app import create_app
from app.config import read
from app.models import Company, Event, EventKind, Notify, Role, Staff, State, Ticket, Urgency
from app.notify.addresses import is_writable
from app.notify.recipients import Cast, recipients
from tests import servers

CAROL, OFFICE, HEAD = "carol@neva.example", "office@neva.example", "iso@stekspb.ru"
ALICE = Staff(id=1, email="alice@stek.example", name="Алиса", role=Role.ENGINEER, is_disabled=False)
BOB = Staff(id=2, email="bob@stek.example", name="Борис", role=Role.ENGINEER, is_disabled=False)
MASHA = Staff(id=3, email="masha@stek.example", name="Мария", role=Role.MANAGER, is_disabled=False)
EVERYBODY = [ALICE.email, BOB.email, MASHA.email, HEAD]


@pytest.fixture(autouse=True)
def desk(tmp_path: Path) -> Iterator[None]:
    with create_app(read(servers.environment(tmp_path))).app_context():
        yield


def ticket(**more: Any) -> Ticket:
    known = {"state": State.OPEN, "is_active": True, "urgency": Urgency.NORMAL, "applicant_email": CAROL}
    return Ticket(**{"number": "482173", "is_company_confirmed": True, **known, **more})


def told(kind: EventKind, of: Ticket | None = None, by: int | None = None, **data: Any) -> list[tuple[str, str]]:
    cast = Cast(Company(name="Нева", notice_email="", notify=Notify.BOTH), ALICE, [ALICE, BOB, MASHA])
    event = Event(kind=kind, data=data, staff_id=by)
    return [(notice.name, notice.recipient) for notice in recipients(event, of or ticket(), cast)]


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        (EventKind.REGISTERED, {"urgency": "normal"}, [("registered", CAROL)]),
        (EventKind.TAKEN, {}, []),
        (EventKind.ANSWERED, {}, [("answered", ALICE.email)]),
        (EventKind.ANSWERED, {"is_silent": True}, []),
        (EventKind.REPLIED, {}, [("replied", CAROL)]),
        (EventKind.ASKED, {}, [("asked", CAROL)]),
        (EventKind.MOVED, {"reason": "ждём ключ"}, [("moved", CAROL)]),
        (EventKind.URGENT, {"urgency": "urgent"}, [("moved", CAROL), ("urgent", ALICE.email)]),
        (EventKind.URGENT, {"urgency": "normal"}, [("moved", CAROL)]),
        (EventKind.SOLVED, {}, [("solved", CAROL)]),
        (EventKind.REOPENED, {}, [("reopened", CAROL), ("reopened", ALICE.email)]),
        (EventKind.MERGED, {"into": "404501"}, [("merged", CAROL)]),
        (EventKind.UNMERGED, {"into": "404501"}, [("unmerged", CAROL)]),
        (EventKind.REMINDED, {"about": "question"}, [("reminded", CAROL)]),
        (EventKind.REMINDED, {"about": "closing"}, [("closing", CAROL)]),
        (EventKind.RATED, {"rating": 2, "before": None}, [("rated", CAROL)]),
        (EventKind.RATED, {"rating": 1, "before": 2}, []),
        (EventKind.RATED, {"rating": 3, "before": None}, []),
        (EventKind.COMPLAINED, {}, []),
        (EventKind.LINKED, {"to": CAROL}, [("linked", CAROL)]),
        (EventKind.ASSIGNED, {}, []),
        (EventKind.ESCALATED, {"cause": "near"}, [("near", ALICE.email)]),
        (EventKind.ESCALATED, {"cause": "missed"}, [("missed", ALICE.email)]),
        (EventKind.ESCALATED, {"cause": "complaint"}, []),
        (EventKind.ESCALATED, {"cause": "reopened_twice"}, []),
        (EventKind.ESCALATED, {"cause": "urgent_untaken"}, []),
    ],
)
def test_each_event_tells_whom_the_table_says(
    kind: EventKind, data: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert told(kind, **data) == expected


@pytest.mark.parametrize(
    "kind",
    [
        EventKind.NOTED,
        EventKind.HELD,
        EventKind.RECALLED,
        EventKind.RELEASED,
        EventKind.CLOSED,
        EventKind.TOLD,
        EventKind.RETURNED,
        EventKind.ACKNOWLEDGED,
        EventKind.BOUNCED,
    ],
)
def test_these_events_send_nothing(kind: EventKind) -> None:
    assert told(kind) == []


def test_an_urgent_request_pages_everybody_who_could_take_it() -> None:
    owed = told(EventKind.REGISTERED, urgency="urgent")
    assert owed == [("registered", CAROL), *(("urgent", one) for one in EVERYBODY)]


def test_the_engineer_of_an_urgent_request_is_named_to_the_customer() -> None:
    urgent = ticket(urgency=Urgency.URGENT)
    assert told(EventKind.TAKEN, urgent) == [("taken", CAROL)] == told(EventKind.ASSIGNED, urgent)


def test_settings_say_what_else_customers_hear(tmp_path: Path) -> None:
    told_more = {"NOTICE_TAKEN": "all", "NOTICE_MISSED": "on", "NOTICE_CLOSED": "on"}
    with create_app(read(servers.environment(tmp_path, **told_more))).app_context():
        assert told(EventKind.TAKEN) == [("taken", CAROL)]
        assert told(EventKind.CLOSED) == [("closed", CAROL)]
        assert told(EventKind.ESCALATED, cause="missed", text="solution")[0] == ("missed", CAROL)
        assert ("missed", CAROL) not in told(EventKind.ESCALATED, cause="missed", text="reaction")
    with create_app(read(servers.environment(tmp_path, NOTICE_TAKEN="none"))).app_context():
        assert told(EventKind.TAKEN, ticket(urgency=Urgency.URGENT)) == []


def test_nobody_hears_of_their_own_act() -> None:
    assert told(EventKind.REOPENED, by=ALICE.id) == [("reopened", CAROL)]


@pytest.mark.parametrize(
    ("notify", "confirmed", "expected"),
    [
        (Notify.BOTH, True, [CAROL, OFFICE]),
        (Notify.COMPANY, True, [OFFICE]),
        (Notify.APPLICANT, True, [CAROL]),
        (Notify.BOTH, False, [CAROL]),
        (Notify.COMPANY, False, [CAROL]),
    ],
)
def test_the_contract_says_who_hears(notify: Notify, confirmed: bool, expected: list[str]) -> None:
    cast = Cast(Company(name="Нева", notice_email=OFFICE, notify=notify), None, [])
    of = ticket(is_company_confirmed=confirmed)
    owed = recipients(Event(kind=EventKind.SOLVED, data={}), of, cast)
    assert [notice.recipient for notice in owed] == expected


def test_one_person_gets_one_notice() -> None:
    cast = Cast(Company(name="Нева", notice_email=CAROL.upper(), notify=Notify.BOTH), None, [])
    assert len(recipients(Event(kind=EventKind.SOLVED, data={}), ticket(), cast)) == 1


def test_an_urgent_request_is_told_to_those_on_duty_where_somebody_is() -> None:
    cast = Cast(None, None, [ALICE, BOB, MASHA], [BOB])
    event = Event(kind=EventKind.REGISTERED, data={"urgency": "urgent"})
    told_to = [notice.recipient for notice in recipients(event, ticket(), cast) if notice.name == "urgent"]
    assert told_to == [BOB.email]


@pytest.mark.parametrize(
    "address",
    [
        "info@stekspb.ru",
        "INFO+482173.0011223344556677@stekspb.ru",
        "mailer-daemon@neva.example",
        "Postmaster@neva.example",
        "noreply@shop.example",
        "no-reply+17@shop.example",
        "do_not_reply@shop.example",
        "",
        "nobody",
        "@neva.example",
    ],
)
def test_nothing_goes_to_ourselves_or_to_robots(address: str) -> None:
    assert not is_writable(address)
    assert told(EventKind.REGISTERED, ticket(applicant_email=address), urgency="normal") == []


@pytest.mark.parametrize("address", [CAROL, "abuseless@neva.example", "noreplyson@neva.example", HEAD])
def test_people_are_written_to(address: str) -> None:
    assert is_writable(address)

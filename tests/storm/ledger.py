"""The ledger: after the storm, what was said "yes" to against what stands in SQL and in the mail server."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, create_engine, text

from tests.storm import chatting, closings
from tests.storm.attempts import Attempt
from tests.storm.chatting import Chats
from tests.storm.sink import Taken

MARK = re.compile(r"Начало (storm[0-9a-f]{12})\.")
FINAL = {"accepted", "bounced", "failed"}


@dataclass
class Ledger:
    """Figures, and every fault found, in words."""

    figures: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def owed(url: str) -> dict[str, int]:
    """Work that is not done yet, by kind; empty when the desk is quiet."""
    with _reading(url) as connection:
        counts = {
            "events": "SELECT count(*) FROM events WHERE drain_at IS NOT NULL",
            "letters": "SELECT count(*) FROM letters WHERE state = 'received'",
            "closings": closings.UNSETTLED,
            "deliveries": "SELECT count(*) FROM deliveries WHERE state IN ('waiting', 'sent')",
            **chatting.OWED,
        }
        found = {name: int(connection.execute(text(query)).scalar_one()) for name, query in counts.items()}
    return {name: count for name, count in found.items() if count}


def check(
    url: str, data_dir: Path, attempts: Iterable[Attempt], taken: list[Taken], solved: set[str], silence: timedelta
) -> Ledger:
    """Compare everything; the desk should be quiet. ``solved``: numbers whose solution was answered with yes."""
    ledger = Ledger()
    with _reading(url) as connection:
        _check_requests(connection, data_dir, list(attempts), ledger)
        _check_deliveries(connection, taken, ledger)
        ledger.faults += closings.faults(connection, solved, silence)
        ledger.figures["solved: told yes"] = len(solved)
    for name, count in owed(url).items():
        ledger.faults.append(f"{count} {name} are still owed")
    return ledger


def add_chats(url: str, chats: Chats, ledger: Ledger) -> None:
    """What was said in chats, and what became of everything that came from there."""
    with _reading(url) as connection:
        figures, faults = chats.faults(connection)
    ledger.figures |= figures
    ledger.faults += faults


def _check_requests(connection: Connection, data_dir: Path, attempts: list[Attempt], ledger: Ledger) -> None:
    tickets: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    rows = connection.execute(
        text("SELECT m.id, t.number, m.text FROM messages m JOIN tickets t ON t.id = m.ticket_id")
    )
    for message_id, number, words in rows:
        for mark in MARK.findall(words):
            tickets[mark].append((message_id, number, words))
    for attempt in attempts:
        found = tickets.pop(attempt.mark, [])
        name = f"{attempt.road} {attempt.mark}"
        if len(found) > 1:
            ledger.faults.append(f"{name}: {len(found)} requests {[number for _, number, _ in found]}")
        elif attempt.is_yes and not found:
            ledger.faults.append(f"{name}: was told yes, and there is no request")
        for message_id, number, words in found:
            if attempt.number and attempt.number != number:
                ledger.faults.append(f"{name}: was told {attempt.number}, the request is {number}")
            if _plain(words) != _plain(attempt.text):
                ledger.faults.append(f"{name}: the text is not whole ({len(words)} of {len(attempt.text)} characters)")
            _check_file(connection, data_dir, message_id, attempt, ledger)
        ledger.faults += [f"{name}: {refusal}" for refusal in attempt.refusals if refusal.startswith(("WRONG", "SAID"))]
    ledger.faults += [f"{mark}: a request that nobody sent" for mark in tickets]
    said_yes = Counter(attempt.road for attempt in attempts if attempt.is_yes)
    tried = Counter(attempt.road for attempt in attempts)
    for road in sorted(tried):
        ledger.figures |= {f"{road}: tried": tried[road], f"{road}: told yes": said_yes[road]}


def _check_file(connection: Connection, data_dir: Path, message_id: int, attempt: Attempt, ledger: Ledger) -> None:
    if not attempt.file:
        return
    rows = connection.execute(
        text("SELECT sha256, storage_id FROM attachments WHERE message_id = :id"), {"id": message_id}
    ).all()
    wanted = hashlib.sha256(attempt.file).hexdigest()
    stored = [storage_id for sha256, storage_id in rows if sha256 == wanted]
    if not stored:
        ledger.faults.append(f"{attempt.road} {attempt.mark}: its file is not there")
        return
    path = data_dir / "files" / stored[0][:2] / stored[0]
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != wanted:
        ledger.faults.append(f"{attempt.road} {attempt.mark}: the bytes of its file are not there")


def _check_deliveries(connection: Connection, taken: list[Taken], ledger: Ledger) -> None:
    rows = connection.execute(
        text(
            "SELECT d.message_id, d.recipient, d.state, d.notice, coalesce(t.number, 'the desk') AS number"
            " FROM deliveries d LEFT JOIN tickets t ON t.id = d.ticket_id WHERE d.channel = 'email'"
        )
    ).all()
    ids = {_bare(row.message_id): row for row in rows}
    in_sink = Counter(_bare(letter.message_id) for letter in taken)
    answered = {_bare(letter.message_id) for letter in taken if letter.is_answered}
    for message_id, row in ids.items():
        name = f"letter «{row.notice}» of {row.number} to {row.recipient}"
        if row.state == "accepted" and message_id not in answered:
            ledger.faults.append(f"{name}: marked accepted, and the mail server has not got it")
        if row.state not in FINAL:
            ledger.faults.append(f"{name}: {row.state}")
    for letter in taken:
        if _bare(letter.message_id) not in ids:
            ledger.faults.append(f"the mail server has {letter.message_id} ({letter.subject}), and no row owes it")
        elif letter.ticket and ids[_bare(letter.message_id)].number != letter.ticket:
            ledger.faults.append(f"{letter.message_id} belongs to another request than {letter.ticket}")
    unnoticed = connection.execute(
        text(
            "SELECT t.number FROM tickets t WHERE NOT EXISTS"
            " (SELECT 1 FROM deliveries d WHERE d.ticket_id = t.id AND d.notice = 'registered')"
        )
    ).scalars()
    ledger.faults += [f"{number}: nobody was told that it is registered" for number in unnoticed]
    states = Counter(row.state for row in rows)
    ledger.figures |= {f"letters {state}": count for state, count in sorted(states.items())}
    copies = Counter(letter.message_id for letter in taken if letter.is_answered)
    ledger.figures["copies after a break"] = sum(in_sink.values()) - len(in_sink) - _extra(copies)
    ledger.figures["copies after our death"] = _extra(copies)


@contextmanager
def _reading(url: str) -> Iterator[Connection]:
    engine = create_engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _extra(counts: Counter[str]) -> int:
    return sum(count - 1 for count in counts.values())


def _plain(words: str) -> str:
    return "\n".join(line.rstrip() for line in words.strip().splitlines())


def _bare(message_id: str) -> str:
    return message_id.strip("<> \t\r\n")

"""Whose data it is: one human, by every row, address and number under which the desk knows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app import joined, phones
from app.errors import HelpDeskError, NotFound
from app.extensions import db
from app.models.delivery import Delivery
from app.models.letter import Letter
from app.models.person import Person
from app.models.person_data import Erasure
from app.models.ticket import Ticket
from app.rows import find_row, typed_id

MOST_NAMED = 20
_DEEPEST = 10  # people joined to people joined to this one


class Several(HelpDeskError):
    """More than one person answers to that number; ``message`` names them."""

    status = 409


@dataclass(frozen=True)
class Whose:
    """``ids``: the person and all that were joined to them. ``until``: the newest rows when erasing began."""

    ids: tuple[int, ...]
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    until: tuple[int, int, int] = (0, 0, 0)  # requests, letters, notices

    def to_json(self) -> dict[str, Any]:
        return {name: list(getattr(self, name)) for name in ("ids", "emails", "phones", "names", "until")}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Whose:
        tickets, letters, notices = data["until"]
        lists = {name: tuple(data[name]) for name in ("ids", "emails", "phones", "names")}
        return cls(**lists, until=(tickets, letters, notices))


def of(person: Person | None, address: str = "") -> Whose:
    """All that is one with this person; without one, whatever stands under an address alone."""
    rows = _with_joined(person) if person else []
    return Whose(
        ids=tuple(row.id for row in rows),
        emails=tuple(dict.fromkeys(filter(None, [*(row.email for row in rows), address.lower()]))),
        phones=tuple(dict.fromkeys(row.phone for row in rows if row.phone)),
        names=tuple(dict.fromkeys(row.name for row in rows if row.name)),
        until=(_newest(Ticket.id), _newest(Letter.id), _newest(Delivery.id)),
    )


def find(text: str) -> Person | None:
    """The person of an e-mail address, a phone in any spelling or ``id:17``.

    None: nobody is known under that address, though something may stand under it. Raises NotFound and Several.
    """
    words = text.strip()
    if words.startswith("id:") and words[3:].isdigit():
        person = find_row(Person, typed_id(words[3:]))
        if person is None:
            raise NotFound(f"Nobody has the card {words[3:]}.")
        return joined.kept(person)
    if "@" in words:
        known = db.session.scalars(select(Person).where(Person.email == words.lower())).first()
        return joined.kept(known) if known else None
    number = phones.e164(words)
    if number is None:
        raise NotFound(f"{text!r} is no e-mail address and no phone number. Examples: o@neva.example, +78123631787.")
    rows = db.session.scalars(select(Person).where(Person.phone == number).order_by(Person.id).limit(MOST_NAMED)).all()
    found = {person.id: person for person in map(joined.kept, rows)}
    if not found:
        raise NotFound(f"Nobody is known under {number}.")
    if len(found) > 1:
        named = "; ".join(f"id:{one.id} {one.name} {one.email or ''}".strip() for one in found.values())
        raise Several(f"Several people have the number {number}. Say which: {named}.")
    return next(iter(found.values()))


def unfinished(text: str) -> Erasure | None:
    """An erasure of that address or number that was broken off: its person is under neither any more."""
    words = text.strip()
    wanted = {words.lower(), phones.e164(words) or ""} - {""}
    running = db.session.scalars(select(Erasure).where(Erasure.ended_at.is_(None)).order_by(Erasure.id))
    for erasure in running:
        known = {*erasure.whose["emails"], *erasure.whose["phones"], *(f"id:{one}" for one in erasure.whose["ids"])}
        if wanted & known:
            return erasure
    return None


def _with_joined(person: Person) -> list[Person]:
    rows, newest = [person], [person.id]
    for _ in range(_DEEPEST):
        query = select(Person).where(Person.merged_into_id.in_(newest)).order_by(Person.id)
        more = [one for one in db.session.scalars(query) if one not in rows]
        if not more:
            break
        rows += more
        newest = [one.id for one in more]
    return rows


def _newest(column: Any) -> int:
    return db.session.scalar(select(func.max(column))) or 0

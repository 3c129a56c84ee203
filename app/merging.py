"""Two people or two companies that are one: joined, and taken apart again.

The joined row stays, in the archive, and points to the one kept: its address, name and domains lead there. What was
moved is written down, so that undoing moves just that back. Promises given stay as they were given.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import InstrumentedAttribute

from app import client_history, outbox, search_marks
from app.actor import Actor
from app.errors import IllegalMove, IntakeRejected
from app.extensions import db
from app.models.chat import Chat
from app.models.client_change import ChangeKind, ClientChange
from app.models.company import Company, CompanyDomain, Contract
from app.models.person import Person
from app.models.ticket import Ticket

_Client = TypeVar("_Client", Company, Person)
_AT_ONCE = 500
_GIVEN = ("phone", "position", "company_id", "notes")  # a person's, where the kept one has none
_WEAK = {"synchronize_session": False}


def merge_people(kept: Person, joined: Person, by: Actor, at: datetime) -> None:
    """Requests and chats of ``joined`` become those of ``kept``, who takes over what they had no word of."""
    kept, joined = _both(kept, joined)
    before = {name: getattr(kept, name) for name in _GIVEN}
    moved = {
        "tickets": _move(Ticket.id, Ticket.person_id, joined.id, kept.id),
        "chats": _move(Chat.id, Chat.person_id, joined.id, kept.id),
    }
    if kept.phone is None and joined.phone:
        kept.phone, kept.is_phone_confirmed = joined.phone, joined.is_phone_confirmed
    kept.position = kept.position or joined.position
    kept.company_id = kept.company_id or joined.company_id
    kept.notes = _both_notes(kept.notes, joined.notes)
    own = joined.company_id
    joined.company_id = kept.company_id  # so that letters from the other address count as the company's
    joined.links_from = at  # links to the bot that stand in letters to the other address are void
    after = {name: getattr(kept, name) for name in _GIVEN}
    _close(joined, kept, at)
    data: Any = {"before": before, "after": after, "own": own, "name": joined.name or joined.email or joined.phone}
    client_history.record(ChangeKind.MERGED, by, at, person_id=kept.id, joined=joined.id, moved=moved, **data)


def merge_companies(kept: Company, joined: Company, by: Actor, at: datetime) -> None:
    """Requests, people and domains of ``joined`` become those of ``kept``; contracts too, unless it has some."""
    kept, joined = _both(kept, joined)
    before = {"notice_email": kept.notice_email, "notes": kept.notes}
    has_contract = db.session.scalars(select(Contract.id).where(Contract.company_id == kept.id).limit(1)).first()
    moved: dict[str, Sequence[Any]] = {
        "tickets": _move(Ticket.id, Ticket.company_id, joined.id, kept.id),
        "people": _move(Person.id, Person.company_id, joined.id, kept.id),
        "domains": _move(CompanyDomain.domain, CompanyDomain.company_id, joined.id, kept.id),
        "contracts": [] if has_contract else _move(Contract.id, Contract.company_id, joined.id, kept.id),
    }
    _rename(moved["tickets"], joined.name, kept.name)
    kept.notice_email = kept.notice_email or joined.notice_email
    kept.notes = _both_notes(kept.notes, joined.notes)
    after = {"notice_email": kept.notice_email, "notes": kept.notes}
    _close(joined, kept, at)
    data: Any = {"before": before, "after": after, "name": joined.name}
    client_history.record(ChangeKind.MERGED, by, at, company_id=kept.id, joined=joined.id, moved=moved, **data)


def separate(change: ClientChange, by: Actor, at: datetime) -> None:
    """Undo a merge: what it moved goes back, as far as it is still there. Undone already: nothing happens."""
    if change.kind is not ChangeKind.MERGED:
        raise IllegalMove("Отменить можно только объединение.")
    if change.undone_at is not None:
        return
    if "moved" not in change.data:
        raise IllegalMove("Данные этого человека стёрты: объединение уже не отменить.")
    kept, joined = _of_merge(change)
    if kept.merged_into_id is not None:
        raise IllegalMove("Эту карточку саму присоединили к другой. Сначала отмените то объединение.")
    _move_back(change.data["moved"], kept, joined)
    for name, value in change.data["before"].items():
        if getattr(kept, name) == change.data["after"][name]:  # nobody has changed it since
            setattr(kept, name, value)
    if isinstance(joined, Person):
        joined.company_id = change.data["own"]
    joined.merged_into_id = joined.archived_at = None
    change.undone_at = at
    ids = {"person_id": change.person_id, "company_id": change.company_id}
    client_history.record(ChangeKind.SEPARATED, by, at, name=change.data["name"], **ids)
    outbox.changed(outbox.QUEUE_TOPIC)


def _both(kept: _Client, joined: _Client) -> tuple[_Client, _Client]:
    """The two rows to oneself, in one order for everybody; refuses what cannot be joined."""
    if kept.id == joined.id:
        raise IntakeRejected({"other": "Это одна и та же карточка. Выберите другую."})
    for one in sorted((kept.id, joined.id)):
        _locked(type(kept), one)
    for client in (kept, joined):
        if client.merged_into_id is not None:
            raise IllegalMove("Одну из карточек уже присоединили к другой. Обновите страницу.")
        if isinstance(client, Person) and client.erased_at is not None:
            raise IllegalMove("Данные этого человека стёрты по его просьбе: объединять нечего.")
    if kept.archived_at is not None:
        raise IllegalMove("Карточка, которая остаётся, в архиве. Сначала верните её.")
    return kept, joined


def _of_merge(change: ClientChange) -> tuple[Company | Person, Company | Person]:
    if change.person_id is not None:
        return _locked(Person, change.person_id), _locked(Person, change.data["joined"])
    return _locked(Company, change.company_id or 0), _locked(Company, change.data["joined"])


def _locked(model: type[_Client], row_id: int) -> _Client:
    query = select(model).where(model.id == row_id).with_for_update()
    return db.session.scalars(query, execution_options={"populate_existing": True}).one()


def _close(joined: Company | Person, kept: Company | Person, at: datetime) -> None:
    joined.merged_into_id, joined.archived_at = kept.id, at
    db.session.flush()
    outbox.changed(outbox.QUEUE_TOPIC)


def _move(key: Any, owner: InstrumentedAttribute[Any], giver: int, taker: int) -> list[Any]:
    """Give all rows of one owner to another; returns their keys."""
    keys = list(db.session.scalars(select(key).where(owner == giver).order_by(key)))
    _give(key, owner, keys, giver, taker)
    return keys


def _give(key: Any, owner: InstrumentedAttribute[Any], keys: Sequence[Any], giver: int, taker: int) -> None:
    """Give these rows to another, those that are still their owner's."""
    for start in range(0, len(keys), _AT_ONCE):
        some: ColumnElement[bool] = key.in_(keys[start : start + _AT_ONCE])
        query = update(owner.class_).where(some, owner == giver).values({owner: taker})
        db.session.execute(query, execution_options=_WEAK)
    if owner.class_ is Ticket:
        search_marks.mark(keys)


def _move_back(moved: dict[str, list[Any]], kept: Company | Person, joined: Company | Person) -> None:
    is_person = isinstance(kept, Person)
    owners: dict[str, tuple[Any, Any]] = {
        "tickets": (Ticket.id, Ticket.person_id if is_person else Ticket.company_id),
        "chats": (Chat.id, Chat.person_id),
        "people": (Person.id, Person.company_id),
        "domains": (CompanyDomain.domain, CompanyDomain.company_id),
        "contracts": (Contract.id, Contract.company_id),
    }
    for name, keys in moved.items():
        key, owner = owners[name]
        _give(key, owner, keys, kept.id, joined.id)
    if isinstance(kept, Person) and isinstance(joined, Person):
        _give_later_requests(kept, joined)
    else:
        _rename(moved["tickets"], kept.name, joined.name)


def _give_later_requests(kept: Person, joined: Person) -> None:
    """What came from the joined one's address since is theirs too."""
    if joined.email:
        theirs = (Ticket.person_id == kept.id, Ticket.applicant_email == joined.email)
        db.session.execute(update(Ticket).where(*theirs).values(person_id=joined.id), execution_options=_WEAK)


def _rename(ticket_ids: Sequence[int], old: str, new: str) -> None:
    """The company's name on its requests, where it was just that."""
    for start in range(0, len(ticket_ids), _AT_ONCE):
        some = Ticket.id.in_(ticket_ids[start : start + _AT_ONCE])
        query = update(Ticket).where(some, Ticket.company_name == old).values(company_name=new)
        db.session.execute(query, execution_options=_WEAK)


def _both_notes(own: str, other: str) -> str:
    return own if not other or other in own else f"{own}\n\n{other}".strip()

"""Companies and people put into the archive and taken out again; nothing of theirs is lost."""

from __future__ import annotations

from datetime import datetime

from app import client_history
from app.actor import Actor
from app.errors import IllegalMove
from app.models.client_change import ChangeKind
from app.models.company import Company
from app.models.person import Person


def archive(client: Company | Person, by: Actor, at: datetime) -> None:
    """Off the lists; by name, domain or phone nobody is found here any more. Archived already: nothing happens."""
    if client.archived_at is None:
        client.archived_at = at
        _record(ChangeKind.ARCHIVED, client, by, at)


def restore(client: Company | Person, by: Actor, at: datetime) -> None:
    """Out of the archive; there already: nothing happens. What was joined to another is taken apart instead."""
    if isinstance(client, Person) and client.erased_at is not None:
        raise IllegalMove("Данные этого человека стёрты по его просьбе: возвращать нечего.")
    if client.merged_into_id is not None:
        raise IllegalMove("Карточка объединена с другой. Отмените объединение в той карточке.")
    if client.archived_at is not None:
        client.archived_at = None
        _record(ChangeKind.RESTORED, client, by, at)


def _record(kind: ChangeKind, client: Company | Person, by: Actor, at: datetime) -> None:
    if isinstance(client, Company):
        client_history.record(kind, by, at, company_id=client.id)
    else:
        client_history.record(kind, by, at, person_id=client.id)

"""Who acts: a customer, a member of staff, a program or the desk itself."""

from __future__ import annotations

from dataclasses import dataclass

from app.models.person import Person
from app.models.staff import Staff, Token
from app.models.words import MANAGERS, ActorKind, Channel, Role

LONGEST_NAME = 200  # characters that rows have room for; an address that stands in for a name may be longer


@dataclass(frozen=True)
class Actor:
    """An author of changes. ``name`` is what history shows; ``channel`` is the road it came by."""

    kind: ActorKind
    name: str = ""
    channel: Channel | None = None
    staff_id: int | None = None
    person_id: int | None = None
    role: Role | None = None

    @property
    def is_staff(self) -> bool:
        return self.kind in {ActorKind.STAFF, ActorKind.TOKEN}

    @property
    def is_manager(self) -> bool:
        return self.role in MANAGERS

    @classmethod
    def of_staff(cls, staff: Staff, channel: Channel = Channel.WEB) -> Actor:
        return cls(ActorKind.STAFF, staff.name, channel, staff_id=staff.id, role=staff.role)

    @classmethod
    def of_person(cls, person: Person | None, name: str, channel: Channel) -> Actor:
        return cls(ActorKind.CUSTOMER, name[:LONGEST_NAME], channel, person_id=person.id if person else None)

    @classmethod
    def of_token(cls, token: Token) -> Actor:
        return cls(ActorKind.TOKEN, token.name, Channel.API, role=token.role)


SYSTEM = Actor(ActorKind.SYSTEM, "HelpDesk")

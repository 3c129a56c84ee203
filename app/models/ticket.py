"""A request: who asks for what, where it stands, and the moments at which it needs the desk."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    false,
    literal_column,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.models.columns import UTCDateTime, partial_index, words
from app.models.words import Channel, Holder, State, Urgency

if TYPE_CHECKING:
    from app.models.company import Company
    from app.models.person import Person
    from app.models.staff import Staff


class Ticket(Base):
    """One request. Only the verbs of ``app.tickets`` and ``app.alarms`` write it.

    The applicant's words are kept as given with the request; ``person`` is who that was found to be.
    """

    __tablename__ = "tickets"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(12), unique=True)
    version: Mapped[int] = mapped_column(default=1)

    state: Mapped[State] = mapped_column(words(State), default=State.NEW)
    is_active: Mapped[bool] = mapped_column(default=True)  # new, open or waiting: what the partial indexes stand on
    urgency: Mapped[Urgency] = mapped_column(words(Urgency), default=Urgency.NORMAL)
    channel: Mapped[Channel] = mapped_column(words(Channel))
    holder: Mapped[Holder] = mapped_column(words(Holder), default=Holder.QUEUE)
    language: Mapped[str] = mapped_column(String(8), default="ru")

    title: Mapped[str] = mapped_column(String(250))
    what: Mapped[str] = mapped_column(Text)
    whose: Mapped[str] = mapped_column(String(500), default="")
    where: Mapped[str] = mapped_column(String(500), default="")
    links: Mapped[str] = mapped_column(Text, default="")
    missing: Mapped[list[str]] = mapped_column(JSON, default=list)  # kinds of information still to ask for

    applicant_name: Mapped[str] = mapped_column(String(200), default="")
    applicant_email: Mapped[str] = mapped_column(String(254), default="")
    applicant_phone: Mapped[str] = mapped_column(String(40), default="")
    company_name: Mapped[str] = mapped_column(String(200), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"))
    is_company_confirmed: Mapped[bool] = mapped_column(default=False)
    is_address_confirmed: Mapped[bool] = mapped_column(default=False)
    # likely not the writer's own address, or a machine's: nothing goes there but what people write
    is_suspect: Mapped[bool] = mapped_column(default=False, server_default=false())
    engineer_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))  # answered after the reopening window

    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    touched_at: Mapped[datetime] = mapped_column(UTCDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reacted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # first human answer or taking
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the customer's last word not yet replied to
    word_id: Mapped[int | None] = mapped_column()  # the message that is the customer's last word
    paused_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # since when we wait and its clock may stand still
    solved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reopened_count: Mapped[int] = mapped_column(default=0)
    rating: Mapped[int | None] = mapped_column()

    # What reports add up, in seconds of the contract's working time; written by ``app.tickets.measure`` alone.
    contract: Mapped[str | None] = mapped_column(String(60))  # the number that the promises in force rest on
    reaction_work: Mapped[int | None] = mapped_column()  # until the first human answer
    queue_work: Mapped[int | None] = mapped_column()  # until the solution, by who held the ball
    engineer_work: Mapped[int | None] = mapped_column()
    third_party_work: Mapped[int | None] = mapped_column()
    customer_work: Mapped[int | None] = mapped_column()
    is_measured: Mapped[bool] = mapped_column(default=True, server_default=false())  # rows of before are measured anew

    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # of the solution promise in force
    reaction_due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null once reacted
    close_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # known once the solution letter was accepted
    alarms: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # what is owed by time: kind to moment
    next_alarm_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the earliest of them, for the sweep's index
    poked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # a notice changed its state; not a verb's column
    settles_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # until then outsiders see state_before
    state_before: Mapped[State | None] = mapped_column(words(State))
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # its names and texts are gone

    intake_key: Mapped[str | None] = mapped_column(String(120))  # (channel, external id): the same intake twice = once
    link_version: Mapped[int] = mapped_column(default=1)  # raising it revokes the customer's link

    person: Mapped[Person | None] = relationship(lazy="raise_on_sql")
    company: Mapped[Company | None] = relationship(lazy="raise_on_sql")
    engineer: Mapped[Staff | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads it from the class
    __table_args__ = (
        UniqueConstraint("channel", "intake_key"),
        # All that the queue orders and counts by, so that neither has to fetch the rows.
        partial_index(
            "ix_tickets_active_due",
            *("due_at", "id", "state", "urgency", "engineer_id", "paused_at"),
            where="is_active IS TRUE",
        ),
        partial_index("ix_tickets_active_engineer", "engineer_id", "due_at", where="is_active IS TRUE"),
        partial_index("ix_tickets_alarm", "next_alarm_at", where="next_alarm_at IS NOT NULL"),
        partial_index("ix_tickets_poked", "poked_at", where="poked_at IS NOT NULL"),
        partial_index("ix_tickets_merged", "merged_into_id", where="merged_into_id IS NOT NULL"),
        Index("ix_tickets_state_touched", "state", "touched_at"),
        Index("ix_tickets_created", "created_at", "id"),
        Index("ix_tickets_company_created", "company_id", "created_at"),
        # All that reports group and add up, so that a quarter is read without its rows.
        Index(
            "ix_tickets_came",
            *("created_at", "company_id", "engineer_id", "channel", "contract", "reaction_work", "urgency"),
        ),
        partial_index(
            "ix_tickets_done",
            *("solved_at", "company_id", "engineer_id", "channel", "contract", "queue_work", "engineer_work"),
            *("third_party_work", "customer_work", "reopened_count", "urgency"),
            where="solved_at IS NOT NULL",
        ),
        partial_index("ix_tickets_unmeasured", "id", where="is_measured IS FALSE"),
        Index("ix_tickets_email_created", "applicant_email", "created_at"),
        Index("ix_tickets_phone_created", "applicant_phone", "created_at"),
    )

    def public_state(self, at: datetime) -> State:
        """The state that outsiders see: an act that its author can still take back is not shown yet."""
        if self.settles_at and self.state_before and at < self.settles_at:
            return self.state_before
        return self.state

    @property
    def is_urgent(self) -> bool:
        return self.urgency is Urgency.URGENT

    @property
    def is_paused(self) -> bool:
        """Whether the solution's clock stands still: for the customer, or for a third party where the terms say so."""
        return self.is_active and stands_still(self.urgency, self.paused_at)


ACTIVE: ColumnElement[bool] = literal_column("tickets.is_active IS TRUE")
"""Word for word the condition of the partial indexes: SQLite uses them for nothing else."""
STANDS_STILL: ColumnElement[bool] = and_(Ticket.paused_at.is_not(None), Ticket.urgency == Urgency.NORMAL)
"""The solution's clock does not run; of an active request."""


def stands_still(urgency: Urgency, paused_at: datetime | None) -> bool:
    """The same of one that was read already."""
    return paused_at is not None and urgency is Urgency.NORMAL

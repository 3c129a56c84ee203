"""Client companies, their mail domains and contracts."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from sqlalchemy import Date, ForeignKey, Index, Interval, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.models.columns import UTCDateTime, words
from app.models.words import Notify, UrgentClock


class Company(Base):
    __tablename__ = "companies"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200), index=True)  # normalised: case, quotes, legal form
    notice_email: Mapped[str] = mapped_column(String(254), default="")
    notify: Mapped[Notify] = mapped_column(words(Notify), default=Notify.BOTH)
    notes: Mapped[str] = mapped_column(Text, default="", server_default="")  # «важно знать», for staff alone
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # off the lists; no name or domain leads here
    merged_into_id: Mapped[int | None] = mapped_column()  # a row of this table; what is found here is that company
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    domains: Mapped[list[CompanyDomain]] = relationship(
        cascade="all, delete-orphan", order_by="CompanyDomain.domain", lazy="raise_on_sql"
    )
    contracts: Mapped[list[Contract]] = relationship(
        cascade="all, delete-orphan", order_by="Contract.valid_from", lazy="raise_on_sql"
    )


class CompanyDomain(Base):
    """A mail domain whose letters belong to one company."""

    __tablename__ = "company_domains"

    domain: Mapped[str] = mapped_column(String(190), primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)


class Contract(Base):
    """Terms for a span of days, both ends included. Durations of standard requests are working time."""

    __tablename__ = "contracts"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    number: Mapped[str] = mapped_column(String(60))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    calendar: Mapped[str] = mapped_column(ForeignKey("calendars.name"))
    reaction: Mapped[timedelta] = mapped_column(Interval)
    solution: Mapped[timedelta] = mapped_column(Interval)
    urgent_take: Mapped[timedelta | None] = mapped_column(Interval)  # null: the desk's setting
    urgent_solve: Mapped[timedelta | None] = mapped_column(Interval)
    urgent_clock: Mapped[UrgentClock] = mapped_column(words(UrgentClock), default=UrgentClock.ROUND_THE_CLOCK)
    reopening_window: Mapped[timedelta | None] = mapped_column(Interval)
    reopening_minimum: Mapped[timedelta | None] = mapped_column(Interval)
    # whether the solution's clock stands still while a third party (a provider, a maker) holds the ball
    stops_for_third_party: Mapped[bool] = mapped_column(default=False, server_default=false())
    # whom the client calls at the firm, and who is told at the client: a line a person, in words
    firm_contacts: Mapped[str] = mapped_column(Text, default="", server_default="")
    client_contacts: Mapped[str] = mapped_column(Text, default="", server_default="")

    __table_args__ = (Index("ix_contracts_company", "company_id", "valid_from"),)


_LEGAL_FORM = re.compile(
    r"^(ооо|оао|зао|пао|ао|ип|нко|чоу|гбоу|мбоу|фгуп|гуп|муп|тоо|llc|ltd|inc|gmbh)\b|\b(llc|ltd|inc|gmbh)$"
)
_NOT_WORDS = re.compile(r"[^\w]+")


def name_key(name: str) -> str:
    """A company's name for comparison: case, ё, quotes, punctuation and the legal form make no difference."""
    words = _NOT_WORDS.sub(" ", name.lower().replace("ё", "е")).strip()
    return _LEGAL_FORM.sub("", words).strip() or words

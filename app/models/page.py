"""Paging: who was called for an escalation, at which step, by which way; one row each, made before anything leaves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.columns import UTCDateTime, words
from app.models.words import DeliveryChannel


class Page(Base):
    """One step of one escalation to one address. The message that carries it is a delivery, and may carry several.

    ``since``: from when the steps count, the opening or the end of a watch that solved nothing: paging begins anew
    then. ``recipient``: an e-mail address, a chat's id or ``webhook``. The row is the memory: it is unique, so that
    nothing which forgets, dies or runs twice pages anybody twice for one step.
    """

    __tablename__ = "pages"

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[int] = mapped_column(ForeignKey("escalations.id"))
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    step: Mapped[int] = mapped_column()
    channel: Mapped[DeliveryChannel] = mapped_column(words(DeliveryChannel))
    recipient: Mapped[str] = mapped_column(String(254))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # empty: the firm's head address, the webhook
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    is_unconfirmed: Mapped[bool] = mapped_column(default=False, server_default=false())  # nobody vouched for who wrote

    __table_args__ = (UniqueConstraint("escalation_id", "since", "step", "recipient", "channel"),)

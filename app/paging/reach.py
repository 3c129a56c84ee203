"""Whom paging could reach now, and by which ways: said before the night in which it matters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.config import settings
from app.extensions import db
from app.models.chat import Chat
from app.models.staff import Staff
from app.paging import people


@dataclass(frozen=True)
class Reach:
    """``ways``: in words; none: nobody would hear of anything. ``first``: who would be called first."""

    ways: tuple[str, ...]
    first: str

    @property
    def words(self) -> str:
        if not self.ways:
            return "nobody: no mail server, no chat of staff in Telegram, no webhook"
        return f"{self.first}, by {', '.join(self.ways)}"


def reach(at: datetime) -> Reach:
    """The ways that are set up now."""
    own = settings()
    ways = ["letters"] if own.mail_server else []
    if own.telegram_bot_token and (count := _people_in_telegram()):
        ways.append(f"Telegram ({count} of the staff)")
    if own.page_webhook_url:
        ways.append("webhook" if own.page_webhook_secret else "webhook (unsigned: PAGE_WEBHOOK_SECRET is not set)")
    there = people.at(at)
    first = there.on_duty[0].name if there.on_duty else "managers (nobody is on duty)" if there.managers else ""
    return Reach(tuple(ways), first or f"{own.head_email} alone (there is no manager)")


def _people_in_telegram() -> int:
    query = select(func.count(Chat.staff_id.distinct())).join(Staff, Staff.id == Chat.staff_id)
    return db.session.scalar(query.where(Chat.blocked_at.is_(None), Staff.is_disabled.is_(False))) or 0

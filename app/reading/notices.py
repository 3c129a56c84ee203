"""What became of a notice to a customer, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row as Columns

from app.models.delivery import ERASED
from app.models.words import DeliveryChannel, DeliveryState
from app.reading.reader import Reader
from app.translate import _

_ICONS = {"accepted": "check", "bounced": "warning", "failed": "warning"}


@dataclass(frozen=True, slots=True)
class Notice:
    """What became of one notice, in words. ``tone``: good, bad or plain."""

    text: str
    icon: str
    tone: str


def notice(row: Columns[Any], reader: Reader) -> Notice:
    """One delivery in words: «o.petrova@… принято сервером 9:31»."""
    state = row.state
    if state is DeliveryState.ACCEPTED:
        time = reader.time_or_day(row.accepted_at) if row.accepted_at else ""
        fate = _("принято сервером %(time)s", time=time)
        if row.channel is not DeliveryChannel.EMAIL:
            fate = _("доставлено %(time)s", time=time)
    elif state in {DeliveryState.BOUNCED, DeliveryState.FAILED}:
        fate = _(
            "не доставлено: %(why)s", why=row.error.splitlines()[0][:200] if row.error else _("причина неизвестна")
        )
    elif state is DeliveryState.SENT:
        fate = _("передано серверу, подтверждения пока нет")
    else:
        fate = _("ждёт отправки")
    tone = "bad" if state.value in {"bounced", "failed"} else "good" if state is DeliveryState.ACCEPTED else "plain"
    whither = "Telegram" if row.channel is DeliveryChannel.TELEGRAM else row.recipient
    if row.recipient.startswith(ERASED):
        whither = _("адрес стёрт")
    return Notice(f"{whither}: {fate}", _ICONS.get(state.value, "clock"), tone)

"""Pages in words: the letter, and the message in a chat with its buttons; both tell what still waits as they leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from flask_babel import get_locale
from sqlalchemy import select

from app import presses
from app.config import settings
from app.extensions import db
from app.models.chat import Chat
from app.models.delivery import Delivery
from app.models.page import Page
from app.models.words import OF_COMPLAINTS
from app.notify import plain_text
from app.notify.wording import moment
from app.paging import NOTICE, is_over
from app.paging.links import link
from app.paging.telling import MOST_TOLD, Line, heading, lines
from app.presses import Press
from app.translate import _

Rows = list[list[dict[str, str]]]

__all__ = ["NOTICE", "in_chat", "is_over", "is_readers", "words"]


def words(delivery: Delivery, at: datetime) -> dict[str, object]:
    """What the letter's templates call by name."""
    told = lines(delivery.id, at)
    return {"language": str(get_locale()), **_said(told, at), "take_charge": link(delivery)}


def in_chat(delivery: Delivery, at: datetime) -> tuple[str, Rows]:
    """The text and the buttons of a message in a chat."""
    told = lines(delivery.id, at)
    text = current_app.jinja_env.get_template("telegram/page.txt").render(_said(told, at))
    return plain_text.body(text).strip(), _buttons(delivery, told)


def is_readers(delivery: Delivery, chat: Chat) -> bool:
    """Whether the chat still is theirs who are called, and they work here: it may have changed hands meanwhile."""
    called = db.session.scalar(select(Page.staff_id).where(Page.delivery_id == delivery.id).limit(1))
    return called is not None and chat.staff is not None and chat.staff.id == called and not chat.staff.is_disabled


def _said(told: Sequence[Line], at: datetime) -> dict[str, object]:
    # An answer to a page is a note on its request, but what is said about a complaint is not for its engineer.
    is_of_request = len(told) == 1 and told[0].cause not in OF_COMPLAINTS
    number = told[0].number if is_of_request else ""
    return {
        "heading": heading(told),
        "tag": f" [#{number}]" if number else "",  # so that an answer to the letter finds its request
        "lines": [(line, moment(line.opened_at, at)) for line in told[:MOST_TOLD]],
        "more": max(0, len(told) - MOST_TOLD),
        "escalations": f"{settings().public_url}/escalations",
    }


def _buttons(delivery: Delivery, told: Sequence[Line]) -> Rows:
    if len(told) > 1:
        return [[presses.button(_("Беру на контроль всё"), Press.PAGED, str(delivery.id))]]
    [line] = told
    acts = [presses.button(_("Беру на контроль"), Press.ACKNOWLEDGE, str(line.escalation_id))]
    if line.is_takeable:
        acts.append(presses.button(_("Взять"), Press.TAKE, line.number))
    opened = presses.page(_("Открыть заявку"), f"/tickets/{line.number}") if line.number else []
    return [acts, opened] if opened else [acts]

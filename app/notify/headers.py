"""The headers of a letter beyond subject and addresses: thread, robots' marks, our own loop mark."""

from __future__ import annotations

from app import signing
from app.config import settings
from app.models.delivery import Delivery
from app.notify.facts import Facts

PERSONAL = frozenset({"replied", "asked", "solved"})  # an engineer's: they look like a person's, and carry the files
_MOST_IDS, _MOST_CHARACTERS = 10, 1500
_SUPPRESS = "DR, RN, NRN, OOF, AutoReply"  # not All: it would mute the bounces we live on


def headers(facts: Facts) -> dict[str, str]:
    """Extra headers; values are ASCII, long ones folded at their blanks."""
    made = {
        "References": "\r\n ".join(references(facts)),
        "X-HelpDesk-Ticket": facts.ticket.number,
    }
    if facts.answers_to:
        made["In-Reply-To"] = facts.answers_to
    if facts.delivery.notice in PERSONAL:
        return made | _loop_mark()
    return made | robots("auto-replied" if facts.delivery.notice == "registered" else "auto-generated")


def robots(submitted: str) -> dict[str, str]:
    """What says that no person wrote the letter."""
    marks = {"Auto-Submitted": submitted, "X-Auto-Response-Suppress": _SUPPRESS, "Precedence": "bulk"}
    return _loop_mark() | marks


def _loop_mark() -> dict[str, str]:
    return {signing.LOOP_HEADER: signing.loop_mark(settings().mail_default_sender)}


def references(facts: Facts) -> list[str]:
    """The thread's root, then earlier letters, oldest first; over the limits the middle is left out."""
    root = signing.root_id(facts.ticket.number)
    later = list(dict.fromkeys(one for one in (*facts.thread, facts.answers_to) if one))[-_MOST_IDS:]
    while later and sum(map(len, later)) + len(root) > _MOST_CHARACTERS:
        del later[0]
    return [root, *later]


def reply_to(facts: Facts) -> str:
    """Where answers go: the request's secret address, if our mailbox takes plus-addresses."""
    if settings().mail_plus_addressing and facts.delivery.is_for_customer:
        return signing.reply_address(facts.ticket.number)
    return settings().mail_default_sender


def returns_to(delivery: Delivery) -> str:
    """The envelope sender: of this one letter, if our mailbox takes plus-addresses, so that its bounce says whose."""
    if settings().mail_plus_addressing:
        return signing.bounce_address(delivery.id)
    return settings().mail_default_sender

"""Letters that belong to no request, as ``app.standalone`` owes them: the words each kind tells, and the letter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from flask_babel import force_locale

from app import contact_codes, mailed_codes, pairing
from app.config import settings
from app.errors import DeliveryError
from app.models.delivery import Delivery
from app.notify import accounts, complaints, letter, pages, plain_text, sampling
from app.notify.addresses import is_writable
from app.notify.headers import returns_to, robots
from app.notify.own_words import Wording
from app.notify.wording import moment, zone
from app.pairing.codes import code_of
from app.translate import SOURCE, _

ASKED_FOR = frozenset({"sample"})  # by staff, for themselves


def is_stale(delivery: Delivery, at: datetime) -> bool:
    """Whether it would come too late to be of use: a code that has run out, a chat that was untied again."""
    if delivery.notice == pages.NOTICE:
        return pages.is_over(delivery.id, at)
    until = delivery.data.get("until")
    return until is not None and at > datetime.fromisoformat(until)


def write(delivery: Delivery, at: datetime) -> letter.Written:
    """Compose it; raises DeliveryError where its recipient can never be written to."""
    if not is_writable(delivery.recipient):
        ours = _("На адрес %(address)s мы не пишем.", address=delivery.recipient)
        raise DeliveryError(ours, permanent=True)
    recipient = letter.ascii_address(delivery.recipient)
    with force_locale(str(delivery.data.get("language") or SOURCE)):
        subject, text, html = _rendered(delivery, at)
    message = letter.DeskMessage(
        subject=plain_text.line(subject, 200),
        recipients=[recipient],
        body=text,
        html=html,
        sender=settings().mail_default_sender,
        reply_to=complaints.reply_to(delivery),
        date=at.timestamp(),
        extra_headers=_headers(delivery),
    )
    message.sender = (f"{settings().firm_mark} HelpDesk", settings().mail_default_sender)
    message.msgId = delivery.message_id
    return letter.Written(message, recipient, returns_to=returns_to(delivery))


def _rendered(delivery: Delivery, at: datetime) -> tuple[str, str, str]:
    if delivery.notice not in ASKED_FOR:
        return letter.render(delivery.notice, _WORDS[delivery.notice](delivery, at))
    tried = delivery.data
    own = Wording(tried["subject"], tried["text"]) if tried["text"] else None
    subject, text, html = sampling.sample(tried["template"], tried["language"], own, tried["number"], at)
    return f"{_('Проверка')}: {subject}", text, html


def _headers(delivery: Delivery) -> dict[str, str]:
    """The marks of a robot; in the thread of the letter that it answers, where it answers one."""
    if delivery.notice in complaints.WORDS:
        return complaints.headers(delivery)
    if not (answers := plain_text.bracketed(str(delivery.data.get("answers", "")))):
        return robots("auto-generated")
    return robots("auto-replied") | {"In-Reply-To": answers, "References": answers}


def _too_large(delivery: Delivery, _at: datetime) -> dict[str, object]:
    told = {name: delivery.data[name] for name in ("language", "number", "size")}
    return {**told, "limit": settings().max_letter_mb << 20}


def _locked(delivery: Delivery, _at: datetime) -> dict[str, object]:
    return {name: delivery.data[name] for name in ("language", "number")}


def _code(delivery: Delivery, _at: datetime) -> dict[str, object]:
    """The digits stand in the letter alone, so they are worked out here."""
    return _mailed(delivery, code_of(delivery.data["chat"], delivery.recipient, delivery.data["nonce"]))


def _contact_code(delivery: Delivery, _at: datetime) -> dict[str, object]:
    return _mailed(delivery, contact_codes.code_of(delivery.recipient, delivery.data["nonce"]))


def _mailed(delivery: Delivery, code: str) -> dict[str, object]:
    minutes = int(mailed_codes.CODE_LIVES.total_seconds()) // 60
    return {"language": delivery.data["language"], "code": code, "minutes": minutes}


def _tie(delivery: Delivery, at: datetime) -> dict[str, object]:
    paired_at = datetime.fromisoformat(delivery.data["paired_at"])
    return {
        "language": delivery.data["language"],
        "since": moment(paired_at, at),
        "zone": zone(),
        "undo": pairing.undo_link(delivery.data["chat"], delivery.data["person"], paired_at),
    }


def _staff_tie(delivery: Delivery, at: datetime) -> dict[str, object]:
    return {
        "language": delivery.data["language"],
        "since": moment(datetime.fromisoformat(delivery.data["paired_at"]), at),
        "zone": zone(),
        "page": f"{settings().public_url}/me/telegram",
    }


_WORDS: Mapping[str, Callable[[Delivery, datetime], dict[str, object]]] = {
    "pairing": _code,
    contact_codes.NOTICE: _contact_code,
    "paired": _tie,
    "paired_staff": _staff_tie,
    "refused": _too_large,
    "locked": _locked,
    **accounts.WORDS,
    **complaints.WORDS,
    pages.NOTICE: pages.words,
}

"""Reading one update of the Bot API: whose it is, what it was, which files it names; never fails, whatever comes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from app import phones
from app.intake.mime.text import clean_line, clean_text
from app.intake.telegram.media import FileRef, files_of, kind_of
from app.intake.telegram.turn import Contact, Kind

Json = Mapping[str, Any]
LONGEST_ID = 1 << 62
LONGEST_BUTTON = 64  # characters; ours hold fewer bytes, but a client can send what it likes
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
_MESSAGES = ("message", "edited_message")
_CHANNEL = {"channel_post", "edited_channel_post"}
_SERVICE = {
    *("pinned_message", "message_auto_delete_timer_changed", "chat_background_set", "write_access_allowed"),
    *("boost_added", "proximity_alert_triggered", "users_shared", "chat_shared", "passport_data"),
    *("successful_payment", "refunded_payment", "web_app_data", "connected_website"),
}
_GONE = {"kicked", "left"}


@dataclass(frozen=True)
class Reading:
    """What an update says. ``filed``: the word for one that nobody has to answer; then the rest may be empty."""

    filed: str = ""
    chat_id: int | None = None
    is_private: bool = True
    name: str = ""
    language: str = ""  # ru or en, where Telegram says so of its user
    sent_at: datetime | None = None
    kind: Kind = Kind.OTHER
    text: str = ""
    command: str = ""
    argument: str = ""
    button: str = ""
    query_id: str = ""
    files: tuple[FileRef, ...] = ()
    contact: Contact | None = None
    replied_id: int | None = None  # message_id of what was answered, or whose button was pressed
    replied_text: str = ""  # its words, where the bot's
    message_id: int | None = None
    is_edited: bool = False
    is_blocked: bool = False


def load(raw: str) -> Json:
    """The update's object; an empty one for what is none."""
    try:
        found = json.loads(raw)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def read(update: Json) -> Reading:
    """One update."""
    for kind in _MESSAGES:
        if message := _object(update, kind):
            return _message(message, is_edited=kind != "message")
    if query := _object(update, "callback_query"):
        return _press(query)
    if change := _object(update, "my_chat_member"):
        return _membership(change)
    word = "channel" if _CHANNEL & set(update) else "unknown"
    return Reading(word, chat_of(update))


def together(parts: list[Reading]) -> Reading:
    """An album: its parts as one, named for the first."""
    texts = [part.text for part in parts if part.text]
    files = tuple(file for part in parts for file in part.files)
    return replace(parts[0], text="\n".join(texts), files=files)


def chat_of(update: Json) -> int | None:
    """The chat that an update of whatever kind belongs to, or the person where it names no chat."""
    for content in update.values():
        if isinstance(content, dict):
            for holder in (content, _object(content, "message")):
                if (chat_id := _number(_object(holder, "chat"), "id")) is not None:
                    return chat_id
            for who in ("from", "user", "sender_chat"):
                if (user_id := _number(_object(content, who), "id")) is not None:
                    return user_id
    return None


def album_of(update: Json) -> str | None:
    """The album that a message is a part of."""
    album = _object(update, "message").get("media_group_id")
    return clean_line(str(album))[:40] or None if isinstance(album, str | int) and album else None


def message_of(update: Json) -> int | None:
    """Telegram's number, in its chat, of the message that an update brings or edits."""
    return next((_number(_object(update, kind), "message_id") for kind in _MESSAGES if _object(update, kind)), None)


def _message(message: Json, *, is_edited: bool) -> Reading:
    chat = _object(message, "chat")
    known = Reading(
        chat_id=_number(chat, "id"),
        is_private=chat.get("type", "private") == "private",
        name=_name(_object(message, "from") or chat),
        language=_language(_object(message, "from")),
        sent_at=_moment(message),
        message_id=_number(message, "message_id"),
        is_edited=is_edited,
    )
    if not known.is_private:
        return replace(known, filed="channel" if chat.get("type") == "channel" else "group")
    if known.chat_id is None or _SERVICE & set(message):
        return replace(known, filed="service" if known.chat_id else "unknown")
    kind = kind_of(message)
    if is_edited and kind is Kind.LOCATION:
        return replace(known, filed="moving")  # a place that is shown live changes every few seconds
    text = _words(message)
    command = _COMMAND.fullmatch(text)
    replied = _object(message, "reply_to_message")
    return replace(
        known,
        kind=kind,
        text=text,
        command=command[1].lower() if command else "",
        argument=(command[2] or "").strip() if command else "",
        files=files_of(message),
        contact=_contact(message),
        replied_id=_number(replied, "message_id"),
        replied_text=_said_by_bot(replied),
    )


def _press(query: Json) -> Reading:
    message, who = _object(query, "message"), _object(query, "from")
    chat = _object(message, "chat") or who
    known = Reading(
        chat_id=_number(chat, "id"),
        is_private=chat.get("type", "private") == "private",
        name=_name(who),
        language=_language(who),
        kind=Kind.BUTTON,
        button=clean_line(_text(query, "data"))[:LONGEST_BUTTON],
        query_id=_text(query, "id"),
        replied_id=_number(message, "message_id"),
        replied_text=_said_by_bot(message),
    )
    if known.chat_id is None:
        return replace(known, filed="unknown")
    return known if known.is_private else replace(known, filed="group")


def _said_by_bot(message: Json) -> str:
    return _text(message, "text") if _object(message, "from").get("is_bot") is True else ""


def _membership(change: Json) -> Reading:
    chat = _object(change, "chat")
    known = Reading(
        chat_id=_number(chat, "id"),
        is_private=chat.get("type", "private") == "private",
        name=_name(_object(change, "from") or chat),
        sent_at=_moment(change),
        kind=Kind.LEFT,
        is_blocked=_text(_object(change, "new_chat_member"), "status") in _GONE,
    )
    if known.chat_id is None:
        return replace(known, filed="unknown")
    if known.is_private:
        return known
    return replace(known, filed="left" if known.is_blocked or chat.get("type") == "channel" else "group")


def _words(message: Json) -> str:
    """Text or caption, with the addresses behind its links; for a place its coordinates and a map's address."""
    text = _text(message, "text") or _text(message, "caption")
    for entity in [*_list(message, "entities"), *_list(message, "caption_entities")]:
        if isinstance(entity, dict) and (url := _text(entity, "url")) and url not in text:
            text += f"\n{url}"
    venue = _object(message, "venue")
    where = _object(message, "location") or _object(venue, "location")
    latitude, longitude = where.get("latitude"), where.get("longitude")
    if isinstance(latitude, int | float) and isinstance(longitude, int | float):
        named = ", ".join(part for part in (_text(venue, "title"), _text(venue, "address")) if part)
        map_at = f"https://yandex.ru/maps/?pt={longitude:.6f},{latitude:.6f}&z=17"
        text = "\n".join(part for part in (text, named, f"{latitude:.6f}, {longitude:.6f}", map_at) if part)
    return clean_text(text).strip()


def _contact(message: Json) -> Contact | None:
    """A number that was handed over; the sender's own only where it was not passed on from elsewhere."""
    about = _object(message, "contact")
    number = re.sub(r"[^\d]", "", _text(about, "phone_number"))
    if not about or not number:
        return None
    owner, sender = _number(about, "user_id"), _number(_object(message, "from"), "id")
    is_passed_on = bool({"forward_origin", "forward_date", "via_bot"} & set(message))
    return Contact(
        phone=phones.e164(f"+{number}") or phones.e164(number) or f"+{number}"[:40],
        name=_name(about),
        is_own=owner is not None and owner == sender and not is_passed_on,
    )


def _name(who: Json) -> str:
    names = (clean_line(_text(who, name)) for name in ("first_name", "last_name"))
    return " ".join(name for name in names if name)[:200]


def _language(who: Json) -> str:
    spoken = _text(who, "language_code")[:2].lower()  # en-GB is en; others than these the desk does not speak
    return spoken if spoken in {"ru", "en"} else ""


def _moment(message: Json) -> datetime | None:
    seconds = _number(message, "edit_date") or _number(message, "date")
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (ValueError, OverflowError, OSError):
        return None


def _object(holder: Any, name: str) -> Json:
    found = holder.get(name) if isinstance(holder, dict) else None
    return found if isinstance(found, dict) else {}


def _list(holder: Json, name: str) -> list[Any]:
    found = holder.get(name)
    return found if isinstance(found, list) else []


def _text(holder: Json, name: str) -> str:
    found = holder.get(name)
    return found if isinstance(found, str) else ""


def _number(holder: Json, name: str) -> int | None:
    found = holder.get(name)
    is_one = isinstance(found, int) and not isinstance(found, bool) and abs(found) < LONGEST_ID
    return found if is_one else None

"""The files that a message carries, by whatever kind Telegram names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.intake.telegram.turn import Kind

Json = Mapping[str, Any]

_KINDS = {
    "animation": Kind.VIDEO,  # before document: it comes as both
    "document": Kind.DOCUMENT,
    "voice": Kind.VOICE,
    "video": Kind.VIDEO,
    "video_note": Kind.VIDEO,
    "audio": Kind.AUDIO,
    "sticker": Kind.STICKER,
}
_NAMES = {
    "photo": ("фото", ".jpg"),
    "animation": ("анимация", ".mp4"),
    "voice": ("голосовое", ".ogg"),
    "video": ("видео", ".mp4"),
    "video_note": ("видео", ".mp4"),
    "audio": ("аудио", ".mp3"),
}
_NOT_KEPT = {"sticker"}
_ABOUT_OTHERS = {
    "reply_to_message",
    "external_reply",
    "from",
    "chat",
    "via_bot",
    "sender_chat",
    "quote",
    "reply_markup",
}


@dataclass(frozen=True)
class FileRef:
    """A file at Telegram. ``size``: as announced, in bytes; 0 where it is not."""

    file_id: str
    name: str
    size: int = 0


def kind_of(message: Json) -> Kind:
    """What a message is: words, or what it carries."""
    if isinstance(message.get("text"), str):
        return Kind.TEXT
    if isinstance(message.get("photo"), list):
        return Kind.PHOTO
    for name, kind in _KINDS.items():
        if isinstance(message.get(name), dict):
            return kind
    if isinstance(message.get("contact"), dict):
        return Kind.CONTACT
    if isinstance(message.get("location"), dict) or isinstance(message.get("venue"), dict):
        return Kind.LOCATION
    return Kind.DOCUMENT if files_of(message) else Kind.OTHER


def files_of(message: Json) -> tuple[FileRef, ...]:
    """Every file, of kinds that are not known yet as well; a picture in its largest size, once."""
    found: dict[str, FileRef] = {}
    for name, content in message.items():
        if name in _NOT_KEPT or name in _ABOUT_OTHERS:
            continue
        about = _largest(content) if isinstance(content, list) else content
        if isinstance(about, dict) and isinstance(file_id := about.get("file_id"), str) and file_id:
            found.setdefault(file_id, FileRef(file_id, _name(name, about, message), _size(about)))
    return tuple(found.values())


def _largest(sizes: list[Any]) -> Any:
    """Of a picture's sizes, which come from small to large."""
    known = [size for size in sizes if isinstance(size, dict)]
    return max(reversed(known), key=_size, default=None)


def _size(content: Json) -> int:
    size = content.get("file_size")
    return size if isinstance(size, int) and not isinstance(size, bool) and size > 0 else 0


def _name(kind: str, content: Json, message: Json) -> str:
    given = content.get("file_name")
    if isinstance(given, str) and given.strip():
        return given
    word, suffix = _NAMES.get(kind, ("файл", ""))
    return f"{word}-{message.get('message_id', 0)}{suffix}"

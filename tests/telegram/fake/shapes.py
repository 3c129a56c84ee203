"""What a method takes: names, types and lengths of its parameters, and the shape of buttons."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]


class Refusal(Exception):
    """The server says no, in the words of the real one."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def bad(description: str) -> Refusal:
    return Refusal(400, f"Bad Request: {description}")


def length(text: str) -> int:
    """As Telegram counts: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Params:
    """A call's parameters, however they were sent; ``files``: those that came as parts of a form."""

    def __init__(self, given: Json, files: dict[str, tuple[str, bytes]]) -> None:
        self.given, self.files = given, files

    def only(self, *names: str) -> None:
        """Stricter than the real server, which passes over what it does not know."""
        if unknown := sorted({*self.given, *self.files} - set(names)):
            raise bad(f"this method has no parameter {', '.join(unknown)}")

    def integer(self, name: str, default: int | None = None) -> int:
        value = self.given.get(name, default)
        if value is None or isinstance(value, bool) or not re.fullmatch(r"-?\d{1,18}", str(value)):
            raise bad(f"{name} must be an integer")
        return int(value)

    def boolean(self, name: str) -> bool:
        value = self.given.get(name, False)
        if isinstance(value, bool):
            return value
        if str(value).lower() not in {"true", "false", "1", "0"}:
            raise bad(f"{name} must be a boolean")
        return str(value).lower() in {"true", "1"}

    def string(self, name: str, *, most: int, needed: bool = False, empty: str = "") -> str:
        value = self.given.get(name, "")
        if not isinstance(value, str):
            raise bad(f"{name} must be a string")
        if needed and not value.strip():
            raise bad(empty or f"{name} is empty")
        if length(value) > most:
            raise bad({"text": "message is too long", "caption": "message caption is too long"}.get(name, name))
        return value

    def structure(self, name: str) -> Any:
        """An object or a list: sent as itself in a JSON body, as a JSON string otherwise."""
        value = self.given.get(name)
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise bad(f"can't parse {name}: it is not JSON") from None
        return value


def markup(params: Params) -> Json:
    """reply_markup, checked; an empty object when there is none."""
    value = params.structure("reply_markup")
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise bad("object expected as reply markup")
    kinds = {"inline_keyboard", "keyboard", "remove_keyboard", "force_reply"} & set(value)
    if len(kinds) != 1:
        raise bad("reply_markup must be exactly one of its four types")
    kind = kinds.pop()
    if kind == "inline_keyboard":
        _only(value, "inline_keyboard")
        _rows(value[kind], _inline_button, 100)
    elif kind == "keyboard":
        allowed = "is_persistent resize_keyboard one_time_keyboard input_field_placeholder selective"
        _only(value, "keyboard", *allowed.split())
        _rows(value[kind], _keyboard_button, 300)
        if not value[kind]:
            raise bad("reply keyboard must not be empty")
    elif value[kind] is not True:
        raise bad(f"{kind} must be true")
    return value


def _rows(rows: Any, check: Any, most: int) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad("field must be of type Array of Array")
    buttons = [button for row in rows for button in row]
    if len(buttons) > most or any(len(row) > 12 for row in rows):
        raise bad("too many buttons in a row or altogether")
    for button in buttons:
        check(button)


def _inline_button(button: Any) -> None:
    if not isinstance(button, dict):
        raise bad("can't parse inline keyboard button: an object is expected")
    _only(button, "text", "url", "callback_data")
    _label(button)
    acts = {"url", "callback_data"} & set(button)
    if len(acts) != 1:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "url" in acts:
        _address(button["url"])
    elif not isinstance(button["callback_data"], str) or not 1 <= len(button["callback_data"].encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")


def _keyboard_button(button: Any) -> None:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad("can't parse keyboard button: an object is expected")
    _only(button, "text", "request_contact", "request_location")
    _label(button)


def _label(button: Json) -> None:
    if not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad("can't parse button: its text is empty")
    if length(button["text"]) > 256:
        raise bad("BUTTON_TEXT_INVALID")


def _address(url: Any) -> None:
    parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https", "tg"} or (parts.scheme != "tg" and "." not in host):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _only(given: Json, *names: str) -> None:
    if unknown := sorted(set(given) - set(names)):
        raise bad(f"reply_markup has no field {', '.join(unknown)}")

"""What the bot may ask for: messages, presses and files."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from tests.telegram.fake.shapes import Json, Params, Refusal, bad, length, markup
from tests.telegram.fake.weather import Weather
from tests.telegram.fake.world import Said, World

MEGABYTE = 1 << 20
MOST_IN, MOST_OUT, MOST_PHOTO = 20 * MEGABYTE, 50 * MEGABYTE, 10 * MEGABYTE
TEXT, CAPTION = 4096, 1024
MOST_COMMANDS, DESCRIPTION = 100, 256
QUERY_LIVES = 600.0  # seconds; an answer to a press that is older is refused
_ABOUT_SENDING = "chat_id disable_notification protect_content reply_parameters reply_markup"
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


class Methods:
    """The methods for messages; each takes checked-in parameters and returns its result, or raises a Refusal."""

    def __init__(self, world: World, weather: Weather) -> None:
        self._world, self._weather = world, weather
        self.table: dict[str, Callable[[Params], Any]] = {
            "getMe": self._me,
            "setMyCommands": self._set_commands,
            "sendMessage": self._send_message,
            "sendDocument": self._send_document,
            "sendPhoto": self._send_photo,
            "editMessageText": self._edit_text,
            "editMessageReplyMarkup": self._edit_markup,
            "answerCallbackQuery": self._answer_query,
            "getFile": self._get_file,
        }

    def _me(self, params: Params) -> Json:
        params.only()
        more = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
        return {**self._world.me, **more}

    def _set_commands(self, params: Params) -> bool:
        params.only("commands", "scope", "language_code")
        commands, language = params.structure("commands"), params.string("language_code", most=2)
        if not isinstance(commands, list) or len(commands) > MOST_COMMANDS:
            raise bad("can't parse commands")
        for one in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(one["description"]) <= DESCRIPTION:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self._world.commands[language] = {one["command"]: one["description"] for one in commands}
        return True

    def _send_message(self, params: Params) -> Json:
        params.only("text", "link_preview_options", "entities", *_ABOUT_SENDING.split())
        chat_id = self._writable(params)
        text = params.string("text", most=TEXT, needed=True, empty="message text is empty").strip()
        return self._sent(params, Said(0, chat_id, text, time.time()), {"text": text})

    def _send_document(self, params: Params) -> Json:
        params.only("document", "caption", "disable_content_type_detection", *_ABOUT_SENDING.split())
        return self._send_file(params, "document", MOST_OUT)

    def _send_photo(self, params: Params) -> Json:
        params.only("photo", "caption", *_ABOUT_SENDING.split())
        return self._send_file(params, "photo", MOST_PHOTO)

    def _send_file(self, params: Params, kind: str, most: int) -> Json:
        chat_id = self._writable(params)
        caption = params.string("caption", most=CAPTION)
        if kind not in params.files:
            raise bad(f"there is no {kind} in the request")
        name, content = params.files[kind]
        if not content:
            raise bad("file must be non-empty")
        if len(content) > most:
            raise Refusal(413, "Request Entity Too Large")
        if kind == "photo" and not content.startswith((b"\x89PNG", b"\xff\xd8", b"GIF8", b"RIFF")):
            raise bad("IMAGE_PROCESS_FAILED")
        file_id, size = self._world.keep_file(content)
        about: Json = {"file_id": file_id, "file_unique_id": file_id[-12:], "file_size": size}
        shown: Any = {**about, "file_name": name} if kind == "document" else [{**about, "width": 90, "height": 60}]
        said = Said(0, chat_id, caption, time.time(), file_name=name, content=content, kind=kind)
        return self._sent(params, said, {kind: shown, **({"caption": caption} if caption else {})})

    def _sent(self, params: Params, said: Said, content: Json) -> Json:
        """Let the message appear in its chat, if the limits allow."""
        world = self._world
        shown = markup(params)
        if "inline_keyboard" in shown:
            said.buttons = shown["inline_keyboard"]
        elif "keyboard" in shown:
            said.keyboard = [[{"text": b} if isinstance(b, str) else b for b in row] for row in shown["keyboard"]]
        elif "remove_keyboard" in shown:
            said.keyboard = []
        said.reply_to = self._replied_to(params, said.chat_id)
        self._weather.limits.check(said.chat_id)
        said.message_id = world.next_message_id(said.chat_id)
        said.json = {
            "message_id": said.message_id,
            "from": world.me,
            "chat": world.chats[said.chat_id],
            "date": int(said.at),
            **content,
            **({"reply_markup": shown} if said.buttons else {}),
        }
        world.messages[said.chat_id, said.message_id] = said.json
        world.said.append(said)
        return said.json

    def _replied_to(self, params: Params, chat_id: int) -> int | None:
        about = params.structure("reply_parameters")
        if about is None:
            return None
        if not isinstance(about, dict) or not isinstance(about.get("message_id"), int):
            raise bad("can't parse reply parameters")
        if (chat_id, about["message_id"]) in self._world.messages:
            return int(about["message_id"])
        if about.get("allow_sending_without_reply"):
            return None
        raise bad("message to be replied not found")

    def _edit_text(self, params: Params) -> Json:
        params.only("chat_id", "message_id", "text", "link_preview_options", "entities", "reply_markup")
        said = self._editable(params)
        text = params.string("text", most=TEXT, needed=True, empty="message text is empty").strip()
        return self._edited(said, text, markup(params))

    def _edit_markup(self, params: Params) -> Json:
        params.only("chat_id", "message_id", "reply_markup")
        said = self._editable(params)
        return self._edited(said, said.text, markup(params))

    def _edited(self, said: Said, text: str, shown: Json) -> Json:
        if set(shown) - {"inline_keyboard"}:
            raise bad("inline keyboard expected")
        buttons = shown.get("inline_keyboard", [])
        if (text, buttons) == (said.text, said.buttons):
            raise bad(_NOT_MODIFIED)
        said.is_edited = said.is_edited or text != said.text
        said.text, said.buttons = text, buttons
        said.json.update({"text": text, "edit_date": int(time.time())} if "text" in said.json else {})
        said.json.pop("reply_markup", None)
        if buttons:
            said.json["reply_markup"] = shown
        return said.json

    def _editable(self, params: Params) -> Said:
        chat_id, message_id = self._writable(params), params.integer("message_id")
        if (chat_id, message_id) not in self._world.messages:
            raise bad("message to edit not found")
        for said in reversed(self._world.said):
            if (said.chat_id, said.message_id) == (chat_id, message_id):
                return said
        raise bad("message can't be edited")

    def _answer_query(self, params: Params) -> bool:
        params.only("callback_query_id", "text", "show_alert", "cache_time")
        query_id = params.string("callback_query_id", most=64, needed=True)
        text = params.string("text", most=TEXT)
        if length(text) > 200:
            raise bad("MESSAGE_TOO_LONG")
        pressed_at, _who = self._world.queries.get(query_id, (0.0, 0))
        if time.time() - pressed_at > QUERY_LIVES:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        self._world.answers[query_id] = {"text": text, "show_alert": params.boolean("show_alert")}
        return True

    def _get_file(self, params: Params) -> Json:
        params.only("file_id")
        kept = self._world.files.get(file_id := params.string("file_id", most=200, needed=True))
        if kept is None:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if kept.size > MOST_IN:
            raise bad("file is too big")
        about = {"file_id": file_id, "file_unique_id": file_id[-12:], "file_size": kept.size}
        return {**about, "file_path": kept.path}

    def _writable(self, params: Params) -> int:
        """The chat, if the bot may write to it."""
        chat_id, world = params.integer("chat_id"), self._world
        if chat_id in world.moved:
            raise Refusal(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=world.moved[chat_id],
            )
        if chat_id in world.gone:
            raise Refusal(403, "Forbidden: user is deactivated")
        if chat_id in world.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if chat_id in world.chats:
            return chat_id
        if chat_id in world.users:
            raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
        raise bad("chat not found")

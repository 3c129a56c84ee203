"""Calls of the Bot API over HTTP: each is one method here, with time limits, and its trouble is one of our errors."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import requests

from app.bot_api.errors import Blocked, BotApiError, Conflict, Moved, Refused, RetryAfter, TooBig, Unreachable
from app.config import settings

Json = dict[str, Any]
CONNECT, READ, READ_FILE = 5.0, 20.0, 120.0  # seconds
UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that the desk asks for; others that come all the same are kept too."""

_AS_IT_IS = {"Accept-Encoding": "identity"}  # so that Content-Length is the file's
_CONFLICT, _TOO_LARGE, _TOO_MANY = 409, 413, 429
_UNKNOWN_TOKEN = {401, 404}
_LEAST_WAIT = 1.0  # seconds, where 429 comes without its number


class Client:
    """One bot at one server; a connection of its own for each thread."""

    def __init__(self, url: str, token: str) -> None:
        self._url, self._token = url.rstrip("/"), token
        self._local = threading.local()

    def me(self) -> Json:
        """Who the bot is: ``username``, ``id`` …"""
        return cast(Json, self._call("getMe"))

    def updates(self, offset: int, wait: int) -> list[Json]:
        """Updates from this id on; waits ``wait`` seconds for one. What is below ``offset`` is forgotten there."""
        given = {"offset": offset, "timeout": wait, "limit": 100, "allowed_updates": list(UPDATES)}
        return cast(list[Json], self._call("getUpdates", given, wait=wait))

    def set_webhook(self, url: str, secret: str) -> None:
        self._call("setWebhook", {"url": url, "secret_token": secret, "allowed_updates": list(UPDATES)})

    def delete_webhook(self) -> None:
        self._call("deleteWebhook")

    def webhook(self) -> Json:
        """``url``, ``pending_update_count``, ``last_error_date``, ``last_error_message`` …"""
        return cast(Json, self._call("getWebhookInfo"))

    def set_commands(self, commands: Mapping[str, str], language: str = "") -> None:
        """The menu of private chats, in one language, or for all whose own has none."""
        given = {
            "commands": [{"command": name, "description": said} for name, said in commands.items()],
            "scope": {"type": "all_private_chats"},
        }
        self._call("setMyCommands", {**given, **({"language_code": language} if language else {})})

    def send_message(
        self, chat_id: int, text: str, *, reply_markup: Json | None = None, reply_to: int | None = None
    ) -> int:
        """Say up to 4096 units of plain text; gives the message's id. Addresses in it get no preview."""
        plain = {"text": text, "link_preview_options": {"is_disabled": True}}
        return self._sent("sendMessage", {"chat_id": chat_id, **plain, **_about(reply_markup, reply_to)})

    def send_document(
        self,
        chat_id: int,
        path: Path,
        name: str,
        *,
        caption: str = "",
        reply_markup: Json | None = None,
        reply_to: int | None = None,
    ) -> int:
        """Send a file of up to 50 MB with a caption of up to 1024 units."""
        return self._send_file("document", chat_id, path, name, caption, _about(reply_markup, reply_to))

    def send_photo(
        self,
        chat_id: int,
        path: Path,
        name: str,
        *,
        caption: str = "",
        reply_markup: Json | None = None,
        reply_to: int | None = None,
    ) -> int:
        """Send a picture of up to 10 MB, as a picture; Refused where Telegram cannot make it out."""
        return self._send_file("photo", chat_id, path, name, caption, _about(reply_markup, reply_to))

    def answer_press(self, query_id: str, text: str = "", *, is_alert: bool = False) -> None:
        """Let the pressed button rest; ``text`` of up to 200 units is shown for a moment."""
        given = {"callback_query_id": query_id, **({"text": text} if text else {})}
        self._call("answerCallbackQuery", {**given, **({"show_alert": True} if is_alert else {})}, read=CONNECT)

    @contextmanager
    def file(self, file_id: str) -> Iterator[BinaryIO]:
        """The bytes of a file that somebody sent, as a stream; over 20 MB is TooBig."""
        path = self._call("getFile", {"file_id": file_id}).get("file_path", "")
        with ExitStack() as until_read:
            try:
                url = f"{self._url}/file/bot{self._token}/{path}"
                answer = until_read.enter_context(
                    self._session.get(
                        url, headers=_AS_IT_IS, stream=True, timeout=(CONNECT, READ), allow_redirects=False
                    )
                )
            except requests.RequestException as error:
                raise Unreachable(f"a file could not be fetched: {type(error).__name__}") from None
            if answer.status_code != requests.codes.ok:
                raise Unreachable(f"a file could not be fetched: {answer.status_code}")
            yield cast(BinaryIO, _Whole(answer))

    def _send_file(self, kind: str, chat_id: int, path: Path, name: str, caption: str, about: Json) -> int:
        given = {"chat_id": chat_id, **({"caption": caption} if caption else {}), **about}
        fields = {key: json.dumps(value) if isinstance(value, dict) else value for key, value in given.items()}
        with path.open("rb") as content:
            return self._sent(f"send{kind.capitalize()}", fields, files={kind: (name, content)})

    def _sent(self, method: str, given: Json, files: Any = None) -> int:
        return int(self._call(method, given, files=files)["message_id"])

    def _call(
        self, method: str, given: Json | None = None, *, files: Any = None, wait: int = 0, read: float = 0
    ) -> Any:
        limits = (CONNECT, wait + (read or (READ_FILE if files else READ)))
        how: Json = {"data": given, "files": files} if files else {"json": given or {}}
        try:
            answer = self._session.post(
                f"{self._url}/bot{self._token}/{method}", timeout=limits, allow_redirects=False, **how
            )
            told = answer.json()
        except (requests.ConnectTimeout, requests.exceptions.InvalidURL) as error:
            raise Unreachable(f"{method}: {type(error).__name__}") from None  # their own words hold the token
        except requests.RequestException as error:
            raise Unreachable(f"{method}: {_kind(error)}", is_unsure=_is_unsure(error)) from None
        if not isinstance(told, dict) or "ok" not in told:
            raise Unreachable(f"{method}: {answer.status_code}, and not in the Bot API's words", is_unsure=True)
        if not told["ok"]:
            raise _error(method, told, answer.status_code)
        return told.get("result")

    @property
    def _session(self) -> requests.Session:
        """Kept connections; urllib3 alone would repeat nothing here, and neither do we."""
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
        return cast(requests.Session, self._local.session)


class _Whole:
    """A stream that tells a break from an end."""

    def __init__(self, answer: requests.Response) -> None:
        self._answer = answer
        self._left = int(answer.headers.get("Content-Length") or -1)

    def read(self, size: int = -1) -> bytes:
        try:
            piece = bytes(self._answer.raw.read(size if size >= 0 else None))
        except Exception as error:  # noqa: BLE001 - urllib3's own, of several kinds
            raise Unreachable(f"a file broke off: {type(error).__name__}") from None
        if not piece and self._left > 0:
            raise Unreachable("a file broke off")
        self._left -= len(piece)
        return piece


def the_client() -> Client:
    """The client of the running application's bot; TELEGRAM_BOT_TOKEN must be set."""
    own = settings()
    assert own.telegram_bot_token
    return Client(own.telegram_api_url, own.telegram_bot_token)


def _about(reply_markup: Json | None, reply_to: int | None = None) -> Json:
    about: Json = {"reply_markup": reply_markup} if reply_markup is not None else {}
    if reply_to is not None:  # where that message is gone, the words matter more
        about["reply_parameters"] = {"message_id": reply_to, "allow_sending_without_reply": True}
    return about


def _error(method: str, told: Json, status: int) -> BotApiError:
    code, said = told.get("error_code", status), str(told.get("description", ""))[:300]
    more = told.get("parameters")
    more = more if isinstance(more, dict) else {}
    words = f"{method}: {said or code}"
    if code == _TOO_MANY:
        wait = more.get("retry_after")
        return RetryAfter(max(_LEAST_WAIT, float(wait)) if isinstance(wait, int | float) else _LEAST_WAIT)
    if "migrate_to_chat_id" in more:
        return Moved(words, int(more["migrate_to_chat_id"]))
    if code == _CONFLICT:
        return Conflict(words)
    if code == _TOO_LARGE or "file is too big" in said:
        return TooBig(words)
    if code == requests.codes.forbidden or "chat not found" in said:
        return Blocked(words)
    if code in _UNKNOWN_TOKEN:
        return Unreachable(f"{words}. Is TELEGRAM_BOT_TOKEN right?")
    is_theirs = not isinstance(code, int) or code >= requests.codes.server_error
    return Unreachable(words) if is_theirs else Refused(words)


def _is_unsure(error: requests.RequestException) -> bool:
    """Whether the call may have been done: not where no connection came about."""
    return "NewConnectionError" not in repr(error) and "NameResolutionError" not in repr(error)


def _kind(error: requests.RequestException) -> str:
    """One word for it; the library's own sentence holds the address, and that the token."""
    return "no connection" if not _is_unsure(error) else type(error).__name__

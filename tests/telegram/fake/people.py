"""People who talk to the bot: they write, press, send files, block it, and read what it says."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tests.telegram.fake.shapes import Json
from tests.telegram.fake.world import Said

if TYPE_CHECKING:
    from tests.telegram.fake.server import FakeBotApi

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c636060f8ff1f00030102003a9d"
    "0b1c0000000049454e44ae426082"
)


class User:
    """One person in their private chat with the bot. ``id``: theirs and the chat's. Acts return the message's id."""

    def __init__(self, fake: FakeBotApi, about: Json, phone: str) -> None:
        self.fake, self.about, self.phone = fake, about, phone
        self.id: int = about["id"]
        self._read = 0  # how many of the bot's messages were read by hears()

    # What they do

    def start(self, payload: str = "") -> int:
        return self.write(f"/start {payload}".strip())

    def write(self, text: str, *, reply_to: Said | int | None = None, **more: Any) -> int:
        if text.startswith("/"):
            more["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        return self._send({"text": text, **more}, reply_to)

    def tap(self, label: str) -> int:
        """Use a button that stands in place of the keyboard."""
        buttons = [button for row in self.keyboard or [] for button in row]
        button = next((one for one in buttons if one["text"] == label), None)
        assert button, f"no button {label!r} in place of the keyboard, but {[one['text'] for one in buttons]}"
        return self.contact() if button.get("request_contact") else self.write(label)

    def press(self, label: str, said: Said | None = None) -> str:
        """Press a button under a message, by its words or data; the newest that has it. Gives the query's id."""
        for one in [said] if said else reversed(self.messages):
            for button in [button for row in one.buttons for button in row]:
                if label in {button["text"], button.get("callback_data")}:
                    return self.press_data(button.get("callback_data", ""), one)
        raise AssertionError(f"no button {label!r}; there are {[one.labels for one in self.messages if one.buttons]}")

    def press_data(self, data: str, said: Said) -> str:
        """Press with this data, whether the message still has such a button or not."""
        with self.fake.world.changed:
            query_id = str(time.time_ns())
            self.fake.world.queries[query_id] = (time.time(), self.id)
            query = {"id": query_id, "from": self.about, "message": said.json, "chat_instance": "1", "data": data}
            self.fake.world.add_update("callback_query", query)
            return query_id

    def photo(self, content: bytes = PNG, caption: str = "", *, size: int | None = None, **more: Any) -> int:
        file_id, announced = self.fake.world.keep_file(content, size, ".jpg")
        about = {"file_id": file_id, "file_unique_id": file_id[-12:], "file_size": announced}
        small = {**about, "file_id": f"{file_id}-small", "width": 90, "height": 60, "file_size": min(announced, 900)}
        sizes = [small, {**about, "width": 1280, "height": 853}]
        return self._send({"photo": sizes, **({"caption": caption} if caption else {})}, **more)

    def album(self, contents: list[bytes], caption: str = "") -> list[int]:
        """Several photos at once, the caption on the first: an update for each."""
        album = str(time.time_ns())
        texts = [caption, *[""] * (len(contents) - 1)]
        return [self.photo(content, text, album=album) for content, text in zip(contents, texts, strict=True)]

    def document(
        self, name: str, content: bytes = b"text\n", caption: str = "", *, size: int | None = None, **more: Any
    ) -> int:
        """``size``: what is announced; over 20 MB the server does not hand it over."""
        return self._file("document", content, size, more, caption=caption, file_name=name, mime_type="text/plain")

    def voice(self, content: bytes = b"OggS voice", **more: Any) -> int:
        return self._file("voice", content, None, more, duration=3, mime_type="audio/ogg")

    def video(self, content: bytes = b"\0\0\0\x18ftypmp42", caption: str = "", **more: Any) -> int:
        size: Json = {"duration": 2, "width": 320, "height": 240}
        return self._file("video", content, None, more, caption=caption, mime_type="video/mp4", **size)

    def video_note(self, content: bytes = b"\0\0\0\x18ftypmp42") -> int:
        return self._file("video_note", content, None, {}, duration=2, length=240)

    def audio(self, name: str = "song.mp3", content: bytes = b"ID3 audio") -> int:
        return self._file("audio", content, None, {}, duration=3, file_name=name, mime_type="audio/mpeg")

    def sticker(self, emoji: str = "👍") -> int:
        about: Json = {"type": "regular", "emoji": emoji, "width": 512, "height": 512, "is_animated": False}
        return self._file("sticker", b"RIFF webp", None, {}, is_video=False, **about)

    def location(self, latitude: float = 59.9205, longitude: float = 30.3556) -> int:
        return self._send({"location": {"latitude": latitude, "longitude": longitude}})

    def contact(self, phone: str = "", name: str = "", *, owner: int | None = None, **more: Any) -> int:
        """Their own number, as the button hands it over; with ``phone`` somebody's: ``owner`` is whose account."""
        number = (phone or self.phone).lstrip("+")
        about: Json = {"phone_number": number, "first_name": name or self.about["first_name"]}
        whose = owner if phone else self.id
        return self._send({"contact": {**about, **({"user_id": whose} if whose else {})}, **more})

    def edit(self, message_id: int, text: str) -> int:
        with self.fake.world.changed:
            message = self.fake.world.messages[self.id, message_id]
            message.update(
                {"caption" if "caption" in message else "text": text, "edit_date": int(self.fake.world.now())}
            )
            self.fake.world.add_update("edited_message", dict(message))
            return message_id

    def block(self) -> None:
        self._let("kicked")
        self.fake.world.blocked.add(self.id)

    def unblock(self) -> None:
        self.fake.world.blocked.discard(self.id)
        self._let("member")

    # What they see

    @property
    def messages(self) -> list[Said]:
        """What the bot said to them, oldest first."""
        return [one for one in list(self.fake.world.said) if one.chat_id == self.id]

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.messages]

    @property
    def keyboard(self) -> list[list[Json]] | None:
        """What stands in place of the keyboard now."""
        return next((one.keyboard for one in reversed(self.messages) if one.keyboard is not None), None)

    def hears(self, part: str = "", *, within: float = 15.0) -> Said:
        """The next message, among those not heard yet, with these words; those before it count as heard."""
        end = time.monotonic() + within
        while True:
            heard = self.messages
            for number in range(self._read, len(heard)):
                if part in heard[number].text:
                    self._read = number + 1
                    return heard[number]
            assert time.monotonic() < end, f"{part!r} was not said, but {[one.text for one in heard[self._read :]]}"
            time.sleep(0.02)

    def hears_nothing(self, seconds: float = 0.0) -> None:
        """Nothing new is said for so long."""
        time.sleep(seconds)
        assert self.texts[self._read :] == []

    def answer_to(self, query_id: str, *, within: float = 15.0) -> str:
        """What the bot showed for a press; waits until it answered."""
        end = time.monotonic() + within
        while query_id not in self.fake.world.answers:
            assert time.monotonic() < end, "the press was not answered"
            time.sleep(0.02)
        return str(self.fake.world.answers[query_id]["text"])

    def _file(self, kind: str, content: bytes, size: int | None, more: Json, *, caption: str = "", **about: Any) -> int:
        file_id, announced = self.fake.world.keep_file(content, size)
        file = {"file_id": file_id, "file_unique_id": file_id[-12:], "file_size": announced, **about}
        return self._send({kind: file, **({"caption": caption} if caption else {})}, **more)

    def _send(self, content: Json, reply_to: Said | int | None = None, *, album: str = "") -> int:
        world = self.fake.world
        with world.changed:
            world.chats.setdefault(self.id, self._chat())
            message_id = world.next_message_id(self.id)
            message = {
                "message_id": message_id,
                "from": self.about,
                "chat": self._chat(),
                "date": int(self.fake.world.now()),
            }
            if reply_to is not None:
                to = reply_to.message_id if isinstance(reply_to, Said) else reply_to
                content = {"reply_to_message": world.messages[self.id, to], **content}
            message |= {**({"media_group_id": album} if album else {}), **content}
            world.messages[self.id, message_id] = message
            world.add_update("message", message)
            return message_id

    def _chat(self) -> Json:
        names = {name: value for name, value in self.about.items() if name in {"first_name", "last_name", "username"}}
        return {"id": self.id, "type": "private", **names}

    def _let(self, status: str) -> None:
        world = self.fake.world
        before = "member" if status == "kicked" else "kicked"
        member = [{"user": world.me, "status": one, "until_date": 0} for one in (before, status)]
        about = {"chat": self._chat(), "from": self.about, "date": int(self.fake.world.now())}
        world.add_update("my_chat_member", {**about, "old_chat_member": member[0], "new_chat_member": member[1]})

"""`python -m tests.telegram.fake --port N`: a developer's own server, and a chat with the bot in the terminal."""

from __future__ import annotations

import argparse
import threading
import time
from pathlib import Path

from tests.telegram.fake.people import User
from tests.telegram.fake.server import FakeBotApi
from tests.telegram.fake.world import DEFAULT_TOKEN, Said

HELP = """\
What you type is written to the bot. Besides:
  1, 2, …          press the button with this number under the newest message that has buttons
  =label           use the button with this label in place of the keyboard
  !contact         hand over your own number        !photo FILE, !file FILE   send one
  !voice !sticker !location                          send one
  !edit TEXT       correct your last message         !reply TEXT   answer the bot's last message
  !block !unblock                                    the bot may write no more, or again
  !fail !slow !down !up                              500 to the next call, 429, no answer at all, all well
  !quit"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.telegram.fake", description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--token", default=DEFAULT_TOKEN)
    parser.add_argument("--name", default="Ольга")
    parser.add_argument("--phone", default="+79005550144")
    given = parser.parse_args()
    fake = FakeBotApi(port=given.port, token=given.token)
    print("\n".join(f"{name}={value}" for name, value in fake.settings.items()))
    print(f"Start a desk with these settings. {HELP}\n")
    person = fake.user(given.name, phone=given.phone)
    threading.Thread(target=_show, args=(person,), daemon=True).start()
    chat = Chat(fake, person)
    try:
        while (line := input().strip()) != "!quit":
            if line:
                chat.do(line)
    except (EOFError, KeyboardInterrupt):
        pass
    fake.close()


class Chat:
    """What a line of the terminal means."""

    def __init__(self, fake: FakeBotApi, person: User) -> None:
        self._fake, self._person = fake, person
        self._last = 0

    def do(self, line: str) -> None:
        try:
            if line.isdigit() and (shown := _newest_with_buttons(self._person)) and int(line) <= len(shown.labels):
                self._person.press(shown.labels[int(line) - 1], shown)
            elif line.startswith("="):
                self._last = self._person.tap(line[1:])
            elif line.startswith("!"):
                self._command(*line[1:].partition(" ")[::2])
            else:
                self._last = self._person.write(line)
        except (AssertionError, KeyError, IndexError, OSError) as error:
            print(f"  ({error})")

    def _command(self, name: str, rest: str) -> None:
        weather, person = self._fake.weather, self._person
        match name:
            case "contact" | "voice" | "sticker" | "location" | "block" | "unblock":
                getattr(person, name)()
            case "photo":
                person.photo(Path(rest).read_bytes())
            case "file":
                person.document(Path(rest).name, Path(rest).read_bytes())
            case "edit":
                person.edit(self._last, rest)
            case "reply":
                self._last = person.write(rest, reply_to=person.messages[-1])
            case "fail":
                weather.fail()
            case "slow":
                weather.slow_down(5)
            case "down":
                weather.is_down = True
            case "up":
                weather.clear()
            case _:
                print(HELP)


def _show(person: User) -> None:
    shown: dict[int, str] = {}
    while True:
        for said in person.messages:
            words = _words(said)
            if shown.get(said.message_id) != words:
                shown[said.message_id] = words
                print(words, flush=True)
        time.sleep(0.2)


def _words(said: Said) -> str:
    lines = [f"  bot: {said.text}" + (f" [{said.kind} {said.file_name}]" if said.file_name else "")]
    number = 0
    for row in said.buttons:
        labels = []
        for button in row:
            number += 1
            labels.append(f"{number} [{button['text']}]" + (f" {button['url']}" if "url" in button else ""))
        lines.append("    " + "  ".join(labels))
    lines += ["    " + "  ".join(f"<{button['text']}>" for button in row) for row in said.keyboard or []]
    return "\n".join(lines).replace("\n", "\n  ")


def _newest_with_buttons(person: User) -> Said | None:
    return next((said for said in reversed(person.messages) if said.buttons), None)


if __name__ == "__main__":
    main()

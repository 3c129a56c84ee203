"""The customers of the storm: by form, by SMTP, by the pipe of a mail server. They try again as such programs do."""

from __future__ import annotations

import html
import os
import random
import re
import signal
import smtplib
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage

import requests

from tests.processes.desk import ROOT, Desk
from tests.storm.attempts import Attempt, Attempts

DESK_MAILBOX = "info@stekspb.ru"
MOST_TRIES = 4
HIDDEN = re.compile(r'<input[^>]*name="(csrf_token|form_key)"[^>]*value="([^"]*)"')
HIDDEN_REVERSED = re.compile(r'<input[^>]*value="([^"]*)"[^>]*name="(csrf_token|form_key)"')
NUMBER = re.compile(r'data-ticket="(\d+)"')


class Writer(threading.Thread):
    """Hands in one request after another until the storm is over; gives up on some, as people do."""

    def __init__(self, road: str, hand_in: Callable[[Attempt], None], attempts: Attempts, pause: float) -> None:
        super().__init__(name=road, daemon=True)
        self.is_over = threading.Event()
        self._road, self._hand_in, self._attempts, self._pause = road, hand_in, attempts, pause

    def run(self) -> None:
        while not self.is_over.wait(random.uniform(0.2, 1.8) * self._pause):
            attempt = self._attempts.new(self._road)
            for _ in range(random.randint(1, MOST_TRIES)):
                try:
                    self._hand_in(attempt)
                except (OSError, EOFError, subprocess.SubprocessError) as error:  # no answer came
                    attempt.refusals.append(f"{type(error).__name__}: {error}"[:300])
                if attempt.is_yes or self.is_over.wait(random.uniform(0.1, 1)):
                    break


def by_form(desk: Desk) -> Callable[[Attempt], None]:
    """The public form; a second try posts the same form again, with the same key."""
    forms: dict[str, tuple[requests.Session, dict[str, str]]] = {}

    def hand_in(attempt: Attempt) -> None:
        if attempt.mark not in forms:
            forms.clear()
            forms[attempt.mark] = _read_form(desk)
        session, hidden = forms[attempt.mark]
        fields = {
            "company": f"ООО {attempt.mark}",
            "name": "Карина",
            "email": attempt.email,
            "phone": "+7 812 000-00-00",
            "what": attempt.text,
            "whose": "Бухгалтерия",
            "where": "Офис 5",
            "urgency": "normal",
            "links": "",
        }
        files = {"files": ("note.bin", attempt.file)} if attempt.file else {"files": ("", b"")}
        attempt.tries += 1
        answer = session.post(f"{desk.url}/", data={**hidden, **fields}, files=files, timeout=30)
        if answer.status_code == requests.codes.ok and answer.history and (number := NUMBER.search(answer.text)):
            attempt.number, attempt.is_yes = number[1], True
        else:
            attempt.refusals.append(f"HTTP {answer.status_code}")

    return hand_in


def by_smtp(desk: Desk) -> Callable[[Attempt], None]:
    """The desk's own SMTP door; a second try sends the very same letter."""

    def hand_in(attempt: Attempt) -> None:
        with smtplib.SMTP("127.0.0.1", desk.smtp_port, timeout=30) as server:
            attempt.tries += 1
            server.sendmail(attempt.email, [DESK_MAILBOX], letter(attempt))
            attempt.is_yes = True  # the 250 was heard

    return hand_in


def by_pipe(desk: Desk) -> Callable[[Attempt], None]:
    """`bin/mail-receive`, as Postfix's pipe runs it; sometimes it is killed in the middle."""
    environment = {name: value for name, value in desk.environment.items() if name != "PORT"}

    def hand_in(attempt: Attempt) -> None:
        attempt.tries += 1
        pipe = subprocess.Popen(
            [ROOT / "bin/mail-receive", "-f", attempt.email, DESK_MAILBOX],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        if random.random() < 0.2:
            threading.Timer(random.uniform(0.05, 2.5), _kill_group, [pipe]).start()
        said, _ = pipe.communicate(letter(attempt), timeout=120)
        attempt.is_yes = pipe.returncode == 0
        if pipe.returncode not in {0, 75} and pipe.returncode > 0:
            attempt.refusals.append(f"WRONG STATUS {pipe.returncode}")
        if said:
            attempt.refusals.append(f"SAID {said[:200]!r}")

    return hand_in


def letter(attempt: Attempt) -> bytes:
    """The letter of an attempt, the same bytes at every try."""
    message = EmailMessage()
    message["From"] = f"Карина <{attempt.email}>"
    message["To"] = DESK_MAILBOX
    message["Subject"] = f"Не работает {attempt.mark}"
    message["Message-ID"] = f"<{attempt.mark}@customer.example>"
    message["Date"] = "Tue, 24 Nov 2026 09:00:00 +0300"
    message.set_content(attempt.text)
    if attempt.file:
        message.add_attachment(attempt.file, maintype="application", subtype="octet-stream", filename="note.bin")
        message.set_boundary(f"=={attempt.mark}==")
    return message.as_bytes()


def _read_form(desk: Desk) -> tuple[requests.Session, dict[str, str]]:
    session = requests.Session()
    session.trust_env = False
    page = session.get(f"{desk.url}/", timeout=30)
    page.raise_for_status()
    hidden = dict(HIDDEN.findall(page.text)) | {name: value for value, name in HIDDEN_REVERSED.findall(page.text)}
    return session, {name: html.unescape(value) for name, value in hidden.items()}


def _kill_group(pipe: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pipe.pid, signal.SIGKILL)

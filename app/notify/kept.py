"""No mail server is set: letters are kept as files, whole or not at all, and shown at /dev/mail."""

from __future__ import annotations

import os

from app.config import settings
from app.notify.letter import Written
from app.notify.smtp import Fate, Result
from app.translate import _


class KeptTransport:
    """A transport that always accepts."""

    def open(self) -> str:
        return ""

    def send(self, letter: Written) -> Result:
        """Write the letter under the name that its Message-ID gives: kept twice, it is one file."""
        folder = settings().kept_mail_dir
        folder.mkdir(parents=True, exist_ok=True)
        name = letter.message.msgId.strip("<>")
        partial = folder / f".{name}.{os.getpid()}.part"
        try:
            with partial.open("wb") as file:
                file.write(letter.message.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            partial.rename(folder / f"{name}.eml")
        except OSError as error:
            partial.unlink(missing_ok=True)
            return Result(Fate.POSTPONED, _("Письмо не записалось: %(error)s", error=error)[:500])
        return Result(Fate.ACCEPTED)

    def close(self) -> None:
        return

"""What can be wrong with the desk itself: the words by which its escalations are found again."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """The beginning of a subject, or the whole of it. A mailbox that cannot be read goes by its own address."""

    SILENT = "silent:"  # a process
    DESK = "desk:"
    UNREAD_LETTERS = "desk: unread letters"
    MAIL_SERVER = "smtp"
    TELEGRAM = "telegram"
    UPDATE = "telegram update"
    CALENDAR = "production calendar"
    CLOSINGS = "closings"
    RESTORE = "restore"
    FILES = "files"
    SWEEP = "sweep"
    ROSTER = "duty roster"
    PAGE_WEBHOOK = "page webhook"

    def of(self, what: object) -> str:
        """The subject for one of several."""
        return f"{self} {what}"


_CAN_WAIT = frozenset(Trouble) - {Trouble.SILENT, Trouble.DESK, Trouble.MAIL_SERVER, Trouble.TELEGRAM}


def can_wait(subject: str) -> bool:
    """Whether it is time enough in the morning; whatever has no word here is a dead part of the desk."""
    return any(subject == trouble or subject.startswith(trouble.of("")) for trouble in _CAN_WAIT)

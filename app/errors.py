"""What the house refuses, and why, in the reader's language; edges turn these into answers for people and programs."""

from __future__ import annotations

from app.translate import _


class HelpDeskError(Exception):
    """A refusal with a plain sentence that names the thing and the way out.

    A sentence without values is given in the source language; with them, by ``_()``.
    """

    status = 400

    def __init__(self, message: str) -> None:
        self.message = _(message)
        super().__init__(self.message)


class IllegalMove(HelpDeskError):
    """The table of moves has no such move from the present state, or a colleague was faster (409)."""

    status = 409


class IntakeRejected(HelpDeskError):
    """What came in cannot be accepted; ``errors`` maps a field to its sentence (422)."""

    status = 422

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = {name: _(sentence) for name, sentence in errors.items()}
        super().__init__("; ".join(self.errors.values()))


class NotFound(HelpDeskError):
    """There is no such thing, or this actor may not know that there is (404)."""

    status = 404


class Forbidden(HelpDeskError):
    """This actor may not do that (403)."""

    status = 403


class DeliveryError(Exception):
    """A letter did not leave. ``permanent``: trying again is useless."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


class BadSetting(HelpDeskError):
    """A setting has a value that cannot be used; the sentence names it."""

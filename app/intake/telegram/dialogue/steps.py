"""Where a talk can stand: what the bot asked last, and so what the next words answer."""

from __future__ import annotations

from enum import StrEnum, auto


class Step(StrEnum):
    """Kept in ``Chat.step``, with an argument after a colon where it needs one; «» stands for no question at all."""

    # who writes
    WHO = auto()
    CONFIRM = auto()  # the way of proof and the person's id
    COMPANY = auto()
    NAME = auto()
    EMAIL = auto()
    PHONE = auto()
    ADDRESS = auto()  # to which a code shall go
    CODE = auto()
    # the request being put together
    CHOOSE = auto()
    WHAT = auto()
    WHOSE = auto()
    URGENCY = auto()
    FILES = auto()
    CHECK = auto()
    FIX = auto()
    # about one request, by its number
    ADD = auto()
    COMMENT = auto()  # and until when words are taken for the comment
    REOPEN = auto()
    COMPLAIN = auto()
    # to the head of the desk, by the complaint that it goes on with
    HEAD = auto()


DRAFTING = frozenset({Step.CHOOSE, Step.WHAT, Step.WHOSE, Step.URGENCY, Step.FILES, Step.CHECK, Step.FIX})
ABOUT_ONESELF = frozenset({Step.WHO, Step.COMPANY, Step.NAME, Step.EMAIL, Step.PHONE})
PROOF = frozenset({Step.CONFIRM, Step.ADDRESS, Step.CODE})
ABOUT_A_REQUEST = frozenset({Step.ADD, Step.COMMENT, Step.REOPEN, Step.COMPLAIN, Step.HEAD})


def read(step: str) -> tuple[Step | None, str]:
    """The step and its argument; a step that this version does not know is no step."""
    name, _colon, argument = step.partition(":")
    return (Step(name), argument) if name in set(Step) else (None, "")

"""The request being put together in a chat: kept with the chat, so that no restart loses a word of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from app import clock
from app.config import settings
from app.files import StoredFile
from app.intake.telegram.dialogue.steps import Step
from app.intake.urgency import first_line, is_urgent
from app.models.chat import Chat
from app.models.words import Urgency
from app.tickets.contributions import LONGEST_TEXT

LONGEST_PLACE = 500  # characters; what is longer goes into the text


@dataclass(frozen=True)
class Draft:
    """What is known so far; None stands for a question that was not answered yet.

    ``key``: the update that began it. With it, sent twice is one request. ``numbers``: the requests to which these
    words may belong instead, while that is being asked.
    """

    key: str = ""
    text: str = ""
    whose: str | None = None
    where: str = ""
    urgency: Urgency | None = None
    links: str = ""
    files: tuple[StoredFile, ...] = ()
    is_files_asked: bool = False
    is_rewritten: bool = False  # the next words take the place of the text
    numbers: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.files or self.links)

    @property
    def is_urgent(self) -> bool:
        """By the customer's choice; until they choose, by «срочно» in the first line, as in a letter."""
        if self.urgency is None:
            return is_urgent(first_line(self.text))
        return self.urgency is Urgency.URGENT

    def has_room_for(self, text: str) -> bool:
        return len(self.text) + len(text) < LONGEST_TEXT

    def saying(self, text: str) -> Draft:
        """With more words, or with other words where they are being written anew."""
        if not text:
            return self
        if self.is_rewritten:
            return replace(self, text=text, is_rewritten=False)
        return replace(self, text="\n".join(filter(None, (self.text, text))))

    def holds(self, update_id: int) -> bool:
        """Whether what came with that update is a part of it: all that came since it was begun is."""
        return self.key.isdigit() and int(self.key) <= update_id

    def corrected(self, before: str, after: str) -> Draft:
        """With other words in the place of some; where those stand nowhere any more, the new ones follow."""
        if before == after:
            return self
        for name in ("text", "whose", "where"):
            if before and before in (getattr(self, name) or ""):
                return replace(self, **{name: getattr(self, name).replace(before, after, 1)})
        return replace(self, text="\n".join(filter(None, (self.text, after))))

    def placed(self, whose: str, where: str = "") -> Draft:
        """With the answer to «у кого это и где»; one too long for its field goes into the text, whole."""
        if len(whose) <= LONGEST_PLACE:
            return replace(self, whose=whose, where=where)
        return replace(self, whose="", text=f"{self.text}\n{whose}")

    def bringing(self, files: Sequence[StoredFile]) -> Draft:
        return replace(self, files=(*self.files, *files))

    def next_step(self, *, is_acquainted: bool) -> Step | None:
        """What to ask next; None: there is nothing to ask about."""
        if self.is_empty:
            return None
        if self.numbers:
            return Step.CHOOSE
        if not self.text or self.is_rewritten:
            return Step.WHAT
        if not is_acquainted:
            return Step.WHO
        if self.whose is None:
            return Step.WHOSE
        if self.urgency is None:
            return Step.URGENCY
        return Step.CHECK if self.is_files_asked or self.files or self.links else Step.FILES

    def keep(self, chat: Chat, at: datetime) -> None:
        """Keep it with the chat; it registers itself after a silence from now on."""
        if self.is_empty and not self.key:
            forget(chat)
            return
        chat.draft = self._to_json()
        chat.drafted_at = chat.drafted_at or at
        after = settings().telegram_draft_urgent_after if self.is_urgent else settings().telegram_draft_after
        chat.registers_at = None if self.is_empty else silence_from(at) + after

    def _to_json(self) -> dict[str, Any]:
        known = {name: value for name, value in asdict(self).items() if value not in (None, "", (), False)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in known.items()}


def of(chat: Chat) -> Draft:
    """The draft of a chat, an empty one where there is none."""
    kept = chat.draft or {}
    plain = {name: kept[name] for name in ("key", "text", "whose", "where", "links") if name in kept}
    return Draft(
        **plain,
        urgency=Urgency(kept["urgency"]) if kept.get("urgency") else None,
        files=tuple(StoredFile(**file) for file in kept.get("files", ())),
        is_files_asked=bool(kept.get("is_files_asked")),
        is_rewritten=bool(kept.get("is_rewritten")),
        numbers=tuple(kept.get("numbers", ())),
    )


def silence_from(at: datetime) -> datetime:
    """From when a silence counts: what reached us late was only now answered."""
    return max(at, clock.now())


def forget(chat: Chat) -> None:
    chat.draft, chat.drafted_at, chat.registers_at = {}, None, None

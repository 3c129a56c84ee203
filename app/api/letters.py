"""Letters: every one received by any road, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.api import answers
from app.api.blueprint import bp
from app.api.contract import contract
from app.api.paging import Page, page
from app.extensions import db
from app.models.letter import Letter
from app.models.ticket import Ticket


@bp.get("/letters")
@contract("List received letters, oldest first.", asks=Page, answers=answers.LetterPage)
def list_letters(given: dict[str, Any]) -> ResponseReturnValue:
    bodies = (undefer(Letter.text), undefer(Letter.quoted), undefer(Letter.files))
    return page(select(Letter).options(*bodies), Letter.id, given, _shapes)


def _shapes(letters: Sequence[Letter]) -> list[dict[str, Any]]:
    ids = {letter.ticket_id for letter in letters if letter.ticket_id}
    numbers = {
        row.id: row.number for row in db.session.execute(select(Ticket.id, Ticket.number).where(Ticket.id.in_(ids)))
    }
    return [
        {
            "id": letter.id,
            "sha256": letter.sha256,
            "message_id": letter.message_id,
            "from_email": letter.from_email,
            "from_name": letter.from_name,
            "subject": letter.subject,
            "kind": letter.kind.value,
            "state": letter.state.value,
            "number": numbers.get(letter.ticket_id or 0),
            "copy_of": letter.copy_of_id,
            "text": letter.text,
            "quoted": letter.quoted,
            "files": [{name: file[name] for name in ("name", "size", "sha256")} for file in letter.files],
            "signals": list(letter.signals),
        }
        for letter in letters
    ]

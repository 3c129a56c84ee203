"""Idempotency-Key: a call that is repeated gets the same request, and never makes a second one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from app.api.caller import token
from app.api.problems import FieldsRefused
from app.clock import now
from app.errors import IllegalMove
from app.extensions import db, insert_into
from app.files import StoredFile
from app.models.running import Answered

HEADER = "Idempotency-Key"
LONGEST_KEY = 255


def fingerprint(fields: Mapping[str, object], files: Sequence[StoredFile]) -> str:
    """The same for the same request and nothing else."""
    content = {**fields, "files": [[file.name, file.sha256] for file in files]}
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def claim(key: str, request_hash: str) -> tuple[Answered, bool]:
    """The row of this key, and whether it is new; raises FieldsRefused when the key stood for another request.

    Insert-or-ignore makes a twin at the same moment wait until the first has committed.
    """
    if not 0 < len(key) <= LONGEST_KEY:
        raise FieldsRefused({HEADER: f"A key has 1 to {LONGEST_KEY} characters."})
    kept_key = f"{token().id}:{hashlib.sha256(key.encode()).hexdigest()}"
    values = {"key": kept_key, "request_hash": request_hash, "number": "", "at": now()}
    made = db.session.execute(
        insert_into(Answered).values(values).on_conflict_do_nothing().returning(Answered.key)
    ).first()
    answered = db.session.get(Answered, kept_key, populate_existing=True)
    if answered is None:
        raise IllegalMove("The same call is being answered just now. Repeat it in a second.")
    if answered.request_hash != request_hash:
        raise FieldsRefused({HEADER: "This key was used for another request. Take a new key for a new request."})
    return answered, made is not None

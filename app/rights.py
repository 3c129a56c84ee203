"""The rights table: every endpoint and the act it lets somebody do. A route that is missing here fails the start."""

from __future__ import annotations

from app.policy import Act

RIGHTS: dict[str, Act] = {
    "static": Act.PUBLIC,
    "memo.memo": Act.PUBLIC,
    "memo.privacy": Act.PUBLIC,
}

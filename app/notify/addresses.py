"""Which addresses our letters may go to: people, never ourselves, mail servers or robots."""

from __future__ import annotations

import re

from app.address_lists import is_own

_ROBOT = re.compile(
    r"(mailer-daemon|mail-daemon|postmaster|abuse|no[-_.]?reply|do[-_.]?not[-_.]?reply|bounces?)([+.-][^@]*)?@",
    re.IGNORECASE,
)


def normalised(address: str) -> str:
    return address.strip().lower()


def is_writable(address: str) -> bool:
    """Whether a letter of ours may go there; what is no address at all is not."""
    local, at, domain = normalised(address).rpartition("@")
    return bool(local and at and domain) and not is_own(address) and _ROBOT.match(address.strip()) is None

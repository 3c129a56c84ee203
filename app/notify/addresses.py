"""Which addresses our letters may go to: people, never ourselves, mail servers or robots."""

from __future__ import annotations

import re

from app.config import settings

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


def is_own(address: str) -> bool:
    """The desk's own mailbox or a plus-address of it."""
    local, _, domain = normalised(address).rpartition("@")
    own_local, _, own_domain = normalised(settings().mail_default_sender).rpartition("@")
    return domain == own_domain and local.partition("+")[0] == own_local

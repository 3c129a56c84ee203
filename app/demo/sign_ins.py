"""Passwords of the demo: drawn for this installation alone, kept beside its data so that they can be shown again."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from app.config import settings
from app.demo.firm import Firm
from app.sessions import hash_password

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another


def draw(firm: Firm) -> None:
    """Give every demo account a fresh password and keep it, readable by this user alone."""
    kept = []
    for member in firm.staff:
        password = _password()
        member.password_hash = hash_password(password)
        kept.append({"email": member.email, "name": member.name, "role": member.role.value, "password": password})
    path = _path()
    path.touch(mode=0o600)
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")


def shown() -> list[str]:
    """One line an account: role, address, password; nothing when no demo was seeded here."""
    if not _path().is_file():
        return []
    rows = json.loads(_path().read_text(encoding="utf-8"))
    return [f"  {row['role']:9} {row['email']:26} {row['password']:24} {row['name']}" for row in rows]


def _path() -> Path:
    return settings().data_dir / "demo-sign-ins.json"


def _password() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))

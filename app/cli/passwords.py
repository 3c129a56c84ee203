"""Passwords on the command line: read from standard input, or made here and shown once."""

from __future__ import annotations

import secrets
import sys

import click

from app.sessions import LONGEST_PASSWORD

SHORTEST = 8
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike


def given_or_made(*, is_given: bool) -> tuple[str, bool]:
    """The password, and whether it was made here and has to be shown."""
    if not is_given:
        return made(), True
    password = sys.stdin.readline().rstrip("\r\n")
    if len(password) < SHORTEST:
        raise click.ClickException(f"The password on standard input is shorter than {SHORTEST} characters.")
    if len(password) > LONGEST_PASSWORD:
        raise click.ClickException(f"The password on standard input is longer than {LONGEST_PASSWORD} characters.")
    return password, False


def made() -> str:
    """Four groups of four: 79 bits, easy to read aloud."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))

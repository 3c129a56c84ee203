"""Addresses out of raw header values: groups, comments, quotes and damage, in linear time."""

from __future__ import annotations

import itertools
import re

from app.intake.mime.charset import decode
from app.intake.mime.letter import Mailbox
from app.intake.mime.limits import MAX_ADDRESSES
from app.intake.mime.words import header_text, raw_bytes

MAX_LENGTH = 254
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\.?")
_QUOTED_LOCAL = re.compile(r'"[A-Za-z0-9!#$%&\'*+/=?^_`{|}~. -]{1,60}"')
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?")
# Marks inside an encoded word are part of a name, though RFC 2047 §5 does not let them stand there.
_WORD = r"=\?[!->@-~]{1,60}\?[bBqQ]\?[^?\s]{0,400}\?="
_GROUP = re.compile(rf'\A(?:{_WORD}|[^<>"@,;:?]){{0,200}}:')
_SPECIAL = re.compile(rf'{_WORD}|\\.|["(),;<>]', re.DOTALL)
_CHARACTER = re.compile(rf"{_WORD}|.", re.DOTALL)
_FOLD = re.compile(r"\r?\n")


def addresses(value: str, hint: str = "") -> list[Mailbox]:
    """Every valid address of a raw header value, in order, at most `MAX_ADDRESSES`."""
    found: list[Mailbox] = []
    for piece in _pieces(_FOLD.sub("", value)):
        mailbox = _mailbox(piece, hint)
        if mailbox:
            found.append(mailbox)
            if len(found) == MAX_ADDRESSES:
                break
    return found


def valid_address(text: str) -> str:
    """The one address that `text` is, its domain in lower case and ASCII, or an empty string."""
    local, at, domain = text.strip().rpartition("@")
    if not at or not 0 < len(local) <= 64 or not (_LOCAL.fullmatch(local) or _QUOTED_LOCAL.fullmatch(local)):
        return ""
    domain = domain.lower()
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii") if len(domain) <= 63 else ""
        except UnicodeError:
            return ""
    labels = domain.split(".")
    if len(local) + len(domain) >= MAX_LENGTH or not all(len(x) <= 63 and _LABEL.fullmatch(x) for x in labels):
        return ""
    return f"{local}@{domain}"


def _pieces(value: str) -> list[str]:
    """Cut at commas and semicolons that stand outside quotes, comments and angle brackets."""
    cuts = [-1]
    depth = 0
    is_quoted = is_angle = False
    for mark in _SPECIAL.finditer(value):
        char = mark.group()
        if char == '"' and not depth:
            is_quoted = not is_quoted
        elif is_quoted or len(char) > 1:
            continue
        elif char in "()":
            depth = max(0, depth + (1 if char == "(" else -1))
        elif not depth and char in "<>":
            is_angle = char == "<"
        elif not depth and (char == ";" or not is_angle):
            cuts.append(mark.start())
            is_angle = False
    pieces = [value[start + 1 : end] for start, end in itertools.pairwise([*cuts, len(value)])]
    return [_GROUP.sub("", piece, count=1) for piece in pieces]


def _mailbox(piece: str, hint: str) -> Mailbox | None:
    bare, comment = _without_comments(piece)
    if "<" in bare:
        name, _mark, rest = bare.rpartition("<")
        inner, end, _after = rest.partition(">")
        if not end:
            return None
        inner = inner.rpartition(":")[2] if inner.startswith("@") else inner
    else:
        name, inner = comment, bare
    email = valid_address(_readable(inner).removeprefix("mailto:"))
    return Mailbox(email, _name(name, email, hint)) if email else None


def _readable(inner: str) -> str:
    text = inner if inner.isascii() else decode(raw_bytes(inner))
    return text.strip().strip("'")


def _name(raw: str, email: str, hint: str) -> str:
    raw = raw.strip()
    if len(raw) > 1 and raw[0] == raw[-1] == '"':
        raw = re.sub(r"\\(.)", r"\1", raw[1:-1])
    name = header_text(raw, hint).strip("\"' ")[:200].rstrip()
    return "" if name.lower() == email.lower() else name


def _without_comments(piece: str) -> tuple[str, str]:
    if "(" not in piece:
        return piece, ""
    kept: list[str] = []
    comments: list[str] = []
    depth = 0
    is_quoted = False
    for char in _CHARACTER.findall(piece):
        if char == '"' and not depth:
            is_quoted = not is_quoted
        if not is_quoted and char in "()":
            depth = depth + 1 if char == "(" else max(0, depth - 1)
        elif depth:
            comments.append(char)
        else:
            kept.append(char)
    return "".join(kept), "".join(comments)

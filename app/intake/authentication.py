"""What our own mail server found out about a sender: Authentication-Results (RFC 8601), and nobody else's word."""

from __future__ import annotations

import re

from app.intake.mime.letter import ParsedLetter

_STATEMENT = re.compile(r"dmarc\s*(?:/\s*1\s*)?=\s*([a-z]+)(?=\s|$)", re.IGNORECASE)
_HEADER_FROM = re.compile(r"(?:^|\s)header\.from\s*=\s*([\w.-]+)", re.IGNORECASE)
_FAILURE = re.compile(r"dmarc\s*(?:/\s*1\s*)?=\s*fail", re.IGNORECASE)
_MEANINGFUL = str.maketrans(dict.fromkeys(";=() \t", "_"))


def dmarc(letter: ParsedLetter, authserv_id: str) -> str:
    """The result for the sender by DMARC: pass, fail, none …; empty where our server says nothing.

    Several lines may be our server's (one a milter): a failure in any of them outweighs everything.
    """
    values = letter.headers.get("authentication-results", []) if authserv_id else []
    found = [result for value in values for result in _results(value, authserv_id, letter.from_email)]
    if "fail" in found:
        return "fail"
    return next(iter(found), "")


def _results(value: str, authserv_id: str, sender: str) -> list[str]:
    statements, is_whole = _statements(value)
    server = statements[0].split()
    if not server or server[0].lower() != authserv_id.lower():
        return []
    if not is_whole:  # a quote or a comment without an end hides what follows: only the worst is believed
        return ["fail"] if _FAILURE.search(value) else []
    return [
        _of_sender(found.group(1).lower(), statement, sender)
        for statement in statements[1:]
        if (found := _STATEMENT.match(statement.strip()))
    ]


def _of_sender(result: str, statement: str, sender: str) -> str:
    """A pass of another domain than the one we take for the sender's says nothing."""
    named = _HEADER_FROM.search(statement)
    if result != "pass" or not named:
        return result
    domain, proven = sender.rpartition("@")[2].lower(), named.group(1).lower().strip(".")
    return result if domain == proven or domain.endswith(f".{proven}") else "none"


def _statements(value: str) -> tuple[list[str], bool]:
    """The value cut at its semicolons, and whether it is well-formed.

    Comments are left out, and quoted strings have nothing left that could be taken for structure: a sender may put
    there what they like, as in ``smtp.mailfrom="a; dmarc=pass"@evil.example``.
    """
    out: list[str] = []
    depth, at = 0, 0
    while at < len(value):
        char = value[at]
        if char == "\\" and depth:
            at += 1
        elif char == "(":
            depth += 1
        elif char == ")" and depth:
            depth -= 1
            out.append(" ")
        elif char == '"' and not depth:
            words, at = _quoted(value, at + 1)
            if at >= len(value):
                return "".join(out).split(";"), False
            out.append(words.translate(_MEANINGFUL))
        elif not depth:
            out.append(char)
        at += 1
    return "".join(out).split(";"), depth == 0


def _quoted(value: str, at: int) -> tuple[str, int]:
    """The words of a quoted string that began before ``at``, and the place of its closing quote."""
    out: list[str] = []
    while at < len(value) and value[at] != '"':
        if value[at] == "\\":
            at += 1
        out.append(value[at : at + 1])
        at += 1
    return "".join(out), at

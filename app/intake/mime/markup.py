"""HTML to readable plain text by one pass of searching, so that no input is slow."""

from __future__ import annotations

import re

from app.intake.mime.writer import Writer

_TAG_NAME = re.compile(r"/?[A-Za-z][A-Za-z0-9]{0,20}")
_HIDDEN = frozenset(("style", "script", "head", "title", "svg", "template", "noscript"))


def html_to_text(markup: str) -> str:
    """The words of an HTML body, one block a line, links as `words <address>`."""
    writer = Writer()
    at, end = 0, len(markup)
    while at < end:
        opened = markup.find("<", at)
        if opened < 0:
            break
        writer.words(markup[at:opened])
        at = _after_tag(markup, opened, writer)
    writer.words(markup[at:] if at < end else "")
    return writer.text()


def _after_tag(markup: str, opened: int, writer: Writer) -> int:
    if markup.startswith("<!--", opened):
        closed = markup.find("-->", opened + 4)
        return closed + 3 if closed >= 0 else len(markup)
    if markup[opened + 1 : opened + 2] in ("!", "?"):
        closed = markup.find(">", opened)
        return closed + 1 if closed >= 0 else len(markup)
    found = _TAG_NAME.match(markup, opened + 1)
    if not found:
        writer.words("<")
        return opened + 1
    closed = markup.find(">", found.end())
    if closed < 0:
        return len(markup)
    name = found.group().lower()
    if name in _HIDDEN and name not in writer.endless and markup[closed - 1] != "/":
        ending = _ending(markup, name, closed + 1)
        if ending >= 0:
            return ending
        writer.endless.add(name)  # searched once, not again for each of a million openings
    writer.tag(name, markup[found.end() : closed])
    return closed + 1


def _ending(markup: str, name: str, start: int) -> int:
    found = re.compile(f"</{name}[^>]{{0,100}}>", re.IGNORECASE).search(markup, start)
    return found.end() if found else -1

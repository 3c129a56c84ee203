"""HTML to readable plain text by one pass of searching, so that no input is slow; quotes get `> `."""

from __future__ import annotations

import html
import re

_TAG_NAME = re.compile(r"/?[A-Za-z][A-Za-z0-9]{0,20}")
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]{1,2000})"|'([^']{1,2000})'|([^\s>"']{1,2000}))""", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
_HIDDEN = frozenset(("style", "script", "head", "title", "svg", "template", "noscript"))
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        """address article aside blockquote center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr
        li main nav ol p pre section table tbody thead tr ul""",
    )
)
_SPACED = frozenset(("p", "h1", "h2", "h3", "blockquote", "ul", "ol", "table"))
_BLANK_RUN = re.compile(r"\n{3,}")


def html_to_text(markup: str) -> str:
    """The words of an HTML body, one block a line, links as `words <address>`."""
    writer = _Writer()
    at, end = 0, len(markup)
    while at < end:
        opened = markup.find("<", at)
        if opened < 0:
            break
        writer.words(markup[at:opened])
        at = _after_tag(markup, opened, writer)
    writer.words(markup[at:] if at < end else "")
    return writer.text()


def _after_tag(markup: str, opened: int, writer: _Writer) -> int:
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


class _Writer:
    def __init__(self) -> None:
        self.endless: set[str] = set()
        self._lines: list[str] = []
        self._line: list[str] = []
        self._depth = 0
        self._pre = 0
        self._link: tuple[str, int] | None = None

    def words(self, raw: str) -> None:
        if raw:
            text = html.unescape(raw)
            self._line.append(text.replace("\xa0", " ") if self._pre else _SPACES.sub(" ", text))

    def tag(self, name: str, attributes: str) -> None:
        bare = name.lstrip("/")
        if bare == "br":
            self._break()
        elif bare == "a":
            self._anchor(name, attributes)
        elif bare in ("td", "th") and name.startswith("/"):
            self._line.append(" ")
        elif bare in _BLOCKS:
            self._block(name, bare)

    def text(self) -> str:
        self._end_link()
        self._break_if_any()
        return _BLANK_RUN.sub("\n\n", "\n".join(self._lines)).strip("\n")

    def _block(self, name: str, bare: str) -> None:
        self._break_if_any()
        step = -1 if name.startswith("/") else 1
        if bare == "blockquote":
            self._depth = min(20, max(0, self._depth + min(step, 0)))
        if bare in _SPACED and self._lines and self._lines[-1].strip("> "):
            self._lines.append(self._prefix().rstrip())
        if bare == "blockquote":
            self._depth += max(step, 0)
        elif bare == "pre":
            self._pre = max(0, self._pre + step)
        elif bare == "li" and step > 0:
            self._line.append("• ")

    def _anchor(self, name: str, attributes: str) -> None:
        self._end_link()
        found = None if name.startswith("/") else _HREF.search(attributes)
        if found:
            address = html.unescape(next(filter(None, found.groups()), "")).strip()
            if address.lower().startswith(("http://", "https://")):
                self._link = (address, len(self._line))

    def _end_link(self) -> None:
        if self._link:
            address, start = self._link
            words = "".join(self._line[start:]).strip()
            self._link = None
            if words and words.rstrip("/") not in (address.rstrip("/"), address.split("//", 1)[1].rstrip("/")):
                self._line.append(f" <{address}>")

    def _prefix(self) -> str:
        return "> " * self._depth

    def _break_if_any(self) -> None:
        if "".join(self._line).strip():
            self._break()
        else:
            self._line.clear()

    def _break(self) -> None:
        if self._link:
            self._link = (self._link[0], 0)
        text = "".join(self._line)
        self._line.clear()
        for line in text.split("\n") if self._pre else [text.strip()]:
            self._lines.append((self._prefix() + line).rstrip())

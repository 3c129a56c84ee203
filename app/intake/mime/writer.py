"""Lines out of the words and tags of HTML: one block a line, `> ` before quotes, blanks before mere indentation."""

from __future__ import annotations

import html
import re

from app.intake.mime import marks
from app.intake.quotes.desk import MARKER, is_marker

_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]{1,2000})"|'([^']{1,2000})'|([^\s>"']{1,2000}))""", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        """address article aside blockquote center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr
        li main nav ol p pre section table tbody thead tr ul""",
    )
)
_SPACED = frozenset(("p", "h1", "h2", "h3", "blockquote", "ul", "ol", "table"))
_MARKED = frozenset(("div", "span", "p", "td"))
_BLANK_RUN = re.compile(r"\n{3,}")
_DEEPEST = 20


class Writer:
    """Takes words and tags in their order; `text()` is what they come to."""

    def __init__(self) -> None:
        self.endless: set[str] = set()
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quotes: list[str] = []  # the prefix of each open blockquote
        self._divs: list[bool] = []  # of each open one: is all of it quoted?
        self._containers = 0
        self._lead = ""
        self._attribution = 0
        self._above = -1
        self._pre = 0
        self._link: tuple[str, int] | None = None

    def words(self, raw: str) -> None:
        if raw:
            text = html.unescape(raw)
            self._line.append(text.replace("\xa0", " ") if self._pre else _SPACES.sub(" ", text))

    def tag(self, name: str, attributes: str) -> None:
        bare = name.lstrip("/")
        if bare in _MARKED and name == bare and "=" in attributes:
            self._mark(attributes)
        if bare == "br":
            self._break()
        elif bare == "a":
            self._anchor(name, attributes)
        elif bare in ("td", "th") and name.startswith("/"):
            self._line.append(" ")
        elif bare in _BLOCKS:
            self._block(name, bare, attributes)

    def text(self) -> str:
        self._end_link()
        self._break_if_any()
        if self._above >= 0 and not any(map(is_marker, self._lines[self._above : self._above + 4])):
            self._lines.insert(self._above, f"— {MARKER} —")  # translated on its way, or left out
        return _BLANK_RUN.sub("\n\n", "\n".join(self._lines)).strip("\n")

    def _block(self, name: str, bare: str, attributes: str) -> None:
        self._break_if_any()
        is_opened = not name.startswith("/")
        if bare == "blockquote" and not is_opened and self._quotes:
            self._quotes.pop()
            self._set_lead()
        if bare in _SPACED and self._lines and self._lines[-1].strip("> "):
            self._lines.append(self._lead.rstrip())
        if bare == "blockquote" and is_opened:
            self._quote(attributes)
        elif bare == "div":
            self._div(is_opened, attributes)
        elif bare == "pre":
            self._pre = max(0, self._pre + (1 if is_opened else -1))
        elif bare == "li" and is_opened:
            self._line.append("• ")

    def _quote(self, attributes: str) -> None:
        above = self._last_line()
        is_quote = marks.is_quote(attributes, above)
        self._quotes.append("> " if is_quote else "    ")
        if is_quote and self._attribution and above.endswith(":"):
            for number in range(max(self._attribution - 1, len(self._lines) - 6), len(self._lines)):
                self._lines[number] = f"{self._lead}> {self._lines[number].removeprefix(self._lead)}".rstrip()
        self._attribution = 0
        self._set_lead()

    def _div(self, is_opened: bool, attributes: str) -> None:
        if is_opened and attributes[-1:] != "/":
            is_container = bool(attributes) and marks.is_container(attributes)
            self._divs.append(is_container)
            self._containers += is_container
        elif not is_opened and self._divs and self._divs.pop():
            self._containers -= 1
        self._set_lead()

    def _mark(self, attributes: str) -> None:
        """What the tag's names say of the lines that follow it."""
        if marks.is_break(attributes):
            self._break_if_any()
            if self._last_line() != marks.SEPARATOR:
                self._lines += [self._lead.rstrip(), self._lead + marks.SEPARATOR]
        elif marks.is_attribution(attributes):
            self._break_if_any()
            self._attribution = len(self._lines) + 1
        elif self._above < 0 and marks.is_above(attributes):
            self._break_if_any()
            self._above = len(self._lines)

    def _last_line(self) -> str:
        for line in reversed(self._lines[-4:]):
            if words := line.strip("> \t"):
                return words
        return ""

    def _set_lead(self) -> None:
        self._lead = "> " * min(self._containers, _DEEPEST) + "".join(self._quotes[:_DEEPEST])

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
            self._lines.append((self._lead + line).rstrip())

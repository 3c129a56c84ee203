"""Well-formed markup as a tree that is no deeper than it has to be, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

DEEPEST = 120  # elements further in are left out, their contents stay
_VOID = frozenset(("br", "col", "hr", "img", "wbr"))
BLOCKS = frozenset(
    """blockquote caption dd details div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre summary table tbody td tfoot th thead
    tr ul""".split()
)


@dataclass(eq=False)
class Element:
    """A node; its children are elements and texts."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def texts(self) -> Iterator[str]:
        """The texts inside, a line end where a block begins or ends."""
        for child in self.children:
            if isinstance(child, str):
                yield child
                continue
            is_block = child.tag in BLOCKS or child.tag == "br"
            if is_block:
                yield "\n"
            yield from child.texts()
            if is_block and child.tag != "br":
                yield "\n"

    def text(self, most: int | None = None) -> str:
        """The words inside, blocks on lines of their own; no more characters than `most`."""
        pieces: list[str] = []
        length = 0
        for piece in self.texts():
            pieces.append(piece)
            length += len(piece)
            if most is not None and length >= most:
                break
        return "".join(pieces)[:most]


def changed(element: Element, change: Callable[[Element], Sequence[Element | str]]) -> None:
    """Put what `change` makes of each element inside into its place, the innermost first; one pass."""
    children: list[Element | str] = []
    for child in element.children:
        if isinstance(child, str):
            children.append(child)
        else:
            changed(child, change)
            children.extend(change(child))
    element.children = children


def grow(markup: str) -> Element:
    """The tree of markup that a sanitiser wrote."""
    builder = _Builder()
    builder.feed(markup)
    builder.close()
    return builder.root


def markup_of(element: Element) -> str:
    """The contents of an element as markup."""
    pieces: list[str] = []
    _write(element, pieces)
    return "".join(pieces)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("body")
        self._open = [self.root]
        self._left_out = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID and len(self._open) >= DEEPEST:
            self._left_out += 1
            return
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self._left_out:
            self._left_out -= 1
        elif len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def _write(element: Element, pieces: list[str]) -> None:
    for child in element.children:
        if isinstance(child, str):
            pieces.append(escape(child, quote=False))
            continue
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in child.attributes.items())
        pieces.append(f"<{child.tag}{attributes}>")
        if child.tag not in _VOID:
            _write(child, pieces)
            pieces.append(f"</{child.tag}>")

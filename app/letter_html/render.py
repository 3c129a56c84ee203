"""All steps from a letter's HTML to what may be shown, in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.letter_html import links, quotations, sanitise
from app.letter_html.pictures import Album
from app.letter_html.tree import Element, grow, markup_of

LONGEST = 1_000_000  # characters of HTML, as MAX_TEXT of the parser
_LONGEST_RESULT = 4_000_000  # characters without pictures
_LINE, _LINE_HEIGHT = 90, 23
_PICTURE_HEIGHT = 240
_WIDEST_CELL = 100  # columns or rows: a thousand cells of the widest bring a browser to a stop


@dataclass(frozen=True)
class Task:
    """One letter to be shown. `pictures`: `data:` addresses by Content-ID in lower case; `words`: of stubs, folds."""

    markup: str
    words: Mapping[str, str]
    pictures: Mapping[str, str] = field(default_factory=dict)
    our_hosts: Sequence[str] = ()
    has_quotation: bool = False
    wants_pictures: bool = False


@dataclass(frozen=True)
class Shown:
    """What came of it. `refusal`: why there is no markup, else empty; `height`: in pixels, a guess."""

    markup: str = ""
    refusal: str = ""
    hosts: Sequence[str] = ()  # where the pictures that are not here would come from, as read
    origins: Sequence[str] = ()  # the same as origins of the web
    waiting: int = 0
    height: int = 0


def render(task: Task) -> Shown:
    """Harmless markup, or the refusal: `nothing`, `long`, `links`."""
    if not task.markup.strip():
        return Shown(refusal="nothing")
    if len(task.markup) >= LONGEST:
        return Shown(refusal="long")
    body = grow(sanitise.first(task.markup))
    if links.number_of(body) > links.MOST:
        return Shown(refusal="links")
    if task.has_quotation:
        quotations.fold(body, task.words["quoted"])
    album = Album(task.pictures, task.words, frozenset(task.our_hosts), task.wants_pictures)
    album.hang(body)
    links.name_targets(body)
    _trim(body)
    before = markup_of(body)
    if len(before) - sum(map(len, album.used)) > _LONGEST_RESULT:
        return Shown(refusal="long")
    return Shown(
        markup=sanitise.last(before, album.used),
        hosts=list(album.hosts),
        origins=list(dict.fromkeys(album.hosts.values())),
        waiting=album.waiting,
        height=_height(body),
    )


def _trim(element: Element) -> None:
    """Names away, and of attributes only what keeps a page bearable."""
    for child in element.children:
        if isinstance(child, Element):
            child.tag = "div" if child.tag in sanitise.RENAMED else child.tag
            child.attributes = {name: value for name, value in child.attributes.items() if _is_bearable(name, value)}
            _trim(child)


def _is_bearable(name: str, value: str) -> bool:
    if name in {"colspan", "rowspan"}:
        return value.isascii() and value.isdigit() and int(value[:9]) <= _WIDEST_CELL
    return name not in {"class", "id"} and not (name == "border" and value.strip() in {"", "0"})


def _height(body: Element) -> int:
    lines = [line for line in body.text().split("\n") if line.strip()]
    rows = sum(-(-len(line) // _LINE) for line in lines)
    return rows * _LINE_HEIGHT + 8 * len(lines) + _pictures_height(body)


def _pictures_height(element: Element) -> int:
    total = 0
    for child in element.children:
        if isinstance(child, Element):
            given = child.attributes.get("height", "")
            total += (int(given) if given.isdigit() and len(given) < 5 else _PICTURE_HEIGHT) * (child.tag == "img")
            total += _pictures_height(child)
    return total

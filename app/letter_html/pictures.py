"""Pictures of letters: those that came along are put in, those from elsewhere become stubs until asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from app.letter_html.addresses import is_inside, web
from app.letter_html.tree import Element, changed

MOST_HOSTS = 30
_LONGEST_ALT = 200


@dataclass
class Album:
    """The pictures of one letter. `own`: `data:` addresses by Content-ID; `names`: words for stubs."""

    own: Mapping[str, str]
    names: Mapping[str, str]
    our_hosts: Collection[str] = ()
    is_wanted: bool = False  # those from elsewhere were asked for
    used: set[str] = field(default_factory=set)  # addresses that pictures have at last
    hosts: dict[str, str] = field(default_factory=dict)  # where others would come from, and their origin
    waiting: int = 0  # how many would

    def hang(self, body: Element) -> None:
        """Give every picture its address, or put a stub into its place."""
        changed(body, self._hung)

    def _hung(self, element: Element) -> list[Element | str]:
        if element.tag != "img":
            return [element]
        source = element.attributes.get("src", "").strip()
        alt = " ".join(element.attributes.get("alt", "").split())[:_LONGEST_ALT]
        if source[:4].lower() == "cid:":
            return self._enclosed(element, source[4:], alt)
        if not source:
            return [_stub(self.names["unknown"], alt)] if alt else []
        return self._foreign(element, source, alt)

    def _enclosed(self, element: Element, name: str, alt: str) -> list[Element | str]:
        address = self.own.get(unquote(name).strip("<> ").lower())
        return [self._shown(element, address, alt) if address else _stub(self.names["missing"], alt)]

    def _foreign(self, element: Element, source: str, alt: str) -> list[Element | str]:
        if _is_tracker(element):
            return []
        found = web(source)
        if found is None:
            return [_stub(self.names["unknown"], alt)]
        if is_inside(found.host) or found.host in self.our_hosts:
            return [_stub(self.names["inside"] % found.shown, alt)]
        if found.shown not in self.hosts and len(self.hosts) >= MOST_HOSTS:
            return [_stub(self.names["from"] % found.shown, alt)]
        self.waiting += 1
        self.hosts[found.shown] = found.address.partition("://")[0] + "://" + found.host
        if self.is_wanted:
            return [self._shown(element, found.address, alt)]
        return [_stub(self.names["from"] % found.shown, alt)]

    def _shown(self, element: Element, address: str, alt: str) -> Element:
        self.used.add(address)
        sizes = {name: value for name in ("width", "height") if (value := element.attributes.get(name, "")).isdigit()}
        element.attributes = {"src": address, "alt": alt, **sizes}
        return element


def _stub(words: str, alt: str) -> Element:
    return Element("mark", {}, [f"{words}: {alt}" if alt else words])


def _is_tracker(element: Element) -> bool:
    """Of a size that nobody can see: there to tell that the letter was opened."""
    sizes = [element.attributes.get(name, "").strip().removesuffix("px") for name in ("width", "height")]
    return any(size in {"0", "1", "2"} for size in sizes)

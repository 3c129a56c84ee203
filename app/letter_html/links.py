"""Links that say where they lead: whoever reads «bank.example» and would come elsewhere sees it before the click."""

from __future__ import annotations

from app.letter_html.addresses import Target, target
from app.letter_html.tree import Element, changed

MOST = 5000


def number_of(body: Element) -> int:
    """How many links are inside."""
    found = 0

    def count(element: Element) -> list[Element | str]:
        nonlocal found
        found += element.tag == "a" and "href" in element.attributes
        return [element]

    changed(body, count)
    return found


def name_targets(body: Element) -> None:
    """Behind each link, where it leads, unless its words say just that; what leads nowhere known is no link."""
    changed(body, _named)


def _named(element: Element) -> list[Element | str]:
    if element.tag != "a":
        return [element]
    found = target(element.attributes.get("href", ""))
    if found is None:
        return element.children
    words = element.text().strip()
    element.attributes = {"href": found.address, "title": found.address}
    if not words and not any(isinstance(child, Element) for child in element.children):
        return []
    return [element] if _says(words, found) else [element, Element("small", {}, [f" [{found.shown}]"])]


def _says(words: str, found: Target) -> bool:
    plain = words.casefold().rstrip("/")
    address = found.address.casefold().rstrip("/")
    return plain in {address, address.partition("://")[2], found.host, found.shown.casefold()}

"""Folding what a letter quotes: containers that mail programs put around it, and headings that stand before it."""

from __future__ import annotations

import re

from app.letter_html.tree import Element

_CONTAINERS = frozenset(
    """gmail_quote gmail_quote_container moz-cite-prefix moz-forward-container yahoo_quoted mail-quote-collapse
    protonmail_quote zmail_extra outlookmessageheader olk_src_body_section isforwardcontent reply-intro
    mail-app-auto-quote mail-editor-reference-message-container""".split()
)
_REST_FOLLOWS = frozenset(("appendonsend", "divrplyfwdmsg", "stopspelling", "divtagdefaultwrapper_quote"))
_FIRST_LINE = re.compile(
    r"[\s>*_-]*(?:-{3,}.{0,60}-{3,}\s*)?(?:от|from|от кого|кому|to|отправлено|sent|дата|date)\s*:", re.IGNORECASE
)
_SUBJECT_LINE = re.compile(r"^[\s>*]*(?:тема|subject|re|fwd)\s*:", re.IGNORECASE | re.MULTILINE)
_HEADING = 900  # characters that a heading with many recipients may take


def fold(body: Element, summary: str) -> None:
    """Put quotations into folds; where nothing else is left to read, the folds are open."""
    _fold_in(body, summary)
    if not _words_outside(body):
        for child in body.children:
            _open_folds(child)


def _fold_in(parent: Element, summary: str) -> None:
    children: list[Element | str] = []
    for at, child in enumerate(parent.children):
        if isinstance(child, str):
            children.append(child)
        elif _begins_rest(child):
            _put_away(children, parent.children[at:], summary)
            break
        elif _is_quotation(child):
            _put_away(children, [child], summary)
        else:
            _fold_in(child, summary)
            children.append(child)
    parent.children = children


def _put_away(children: list[Element | str], folded: list[Element | str], summary: str) -> None:
    """Into the fold that is the last of the children, or into a new one."""
    blanks: list[Element | str] = []
    while children and _is_blank(children[-1]):
        blanks.insert(0, children.pop())
    last = children[-1] if children else None
    if isinstance(last, Element) and last.tag == "details":
        last.children += [*blanks, *folded]
    else:
        children += [*blanks, Element("details", {}, [Element("summary", {}, [summary]), *folded])]


def _is_blank(child: Element | str) -> bool:
    return not child.strip() if isinstance(child, str) else child.tag == "br"


def _names(element: Element) -> set[str]:
    words = f"{element.attributes.get('class', '')} {element.attributes.get('id', '')}".lower().split()
    return {word.removeprefix("x_") for word in words}


def _is_quotation(element: Element) -> bool:
    return element.tag == "blockquote" or bool(_CONTAINERS & _names(element))


def _begins_rest(element: Element) -> bool:
    if _REST_FOLLOWS & _names(element):
        return True
    if not _FIRST_LINE.match(element.text(120)):
        return False
    return bool(_SUBJECT_LINE.search(element.text(_HEADING)))


def _words_outside(element: Element) -> bool:
    for child in element.children:
        if isinstance(child, str):
            if child.strip():
                return True
        elif child.tag == "img" or (child.tag != "details" and _words_outside(child)):
            return True
    return False


def _open_folds(child: Element | str) -> None:
    if isinstance(child, Element):
        if child.tag == "details":
            child.attributes["open"] = ""
        for inner in child.children:
            _open_folds(inner)

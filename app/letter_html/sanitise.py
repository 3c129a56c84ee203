"""The two allow-lists: what is looked at, and what may be shown at last. Nothing changes the markup after `last`."""

from __future__ import annotations

from collections.abc import Collection

import nh3

_SHOWN = frozenset(
    """a abbr b bdi bdo blockquote br caption cite code col colgroup dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins
    kbd li ol p pre q s samp span strike strong sub sup table tbody td tfoot th thead tr tt u ul var wbr""".split()
)
OURS = frozenset(("details", "mark", "small", "summary"))  # put in by us: folds, stubs of pictures, targets of links
RENAMED = frozenset(  # they part words from each other, and may do nothing else: in the end they are <div>
    "address article aside center fieldset figcaption figure footer form header main nav section".split()
)
_EMPTIED = frozenset(  # gone with all that is in them
    """applet audio canvas datalist embed frameset iframe math noembed noframes noscript object script select style
    svg template textarea title video xmp""".split()
)
_PLAIN_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"align", "dir"},
    "ol": {"start"},
    "table": {"border"},
    "td": {"colspan", "rowspan", "valign"},
    "th": {"colspan", "rowspan", "valign"},
}
_REL = "noopener noreferrer nofollow"
_LINKS = ("http://", "https://", "mailto:", "tel:")


def first(markup: str) -> str:
    """Well-formed markup of harmless elements; `class` and `id` are still there, to know quotations by."""
    return nh3.clean(
        markup,
        tags=set(_SHOWN | RENAMED),
        clean_content_tags=set(_EMPTIED),
        attributes={
            **_PLAIN_ATTRIBUTES,
            "*": {"align", "dir", "class", "id"},
            "a": {"href"},
            "img": {"src", "alt", "width", "height"},
        },
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        url_relative="deny",
        link_rel=None,
    )


def last(markup: str, pictures: Collection[str] = ()) -> str:
    """What the browser gets; `pictures`: the only addresses an image may have."""
    allowed = frozenset(pictures)

    def keep(tag: str, name: str, value: str) -> str | None:
        if (tag, name) == ("img", "src"):
            return value if value in allowed else None
        if (tag, name) == ("a", "href"):
            return value if value.startswith(_LINKS) else None
        return value

    return nh3.clean(
        markup,
        tags=set(_SHOWN | OURS),
        clean_content_tags=set(_EMPTIED),
        attributes={
            **_PLAIN_ATTRIBUTES,
            "a": {"href", "title"},
            "img": {"src", "alt", "width", "height"},
            "details": {"open"},
        },
        attribute_filter=keep,
        set_tag_attribute_values={"a": {"target": "_blank"}},
        url_schemes={"http", "https", "mailto", "tel", "data"},
        url_relative="deny",
        link_rel=_REL,
    )

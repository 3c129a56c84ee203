"""By which tags mail programs mark what they quote in HTML."""

from __future__ import annotations

import re

# Their contents are quoted, from the opening tag to the closing one.
_CONTAINERS = re.compile(
    r"""\b(?:class|id)\s*=\s*["']?[^"'>]{0,200}?(?:yahoo_quoted|protonmail_quote|mail-quote-collapse|mail-app-auto-quote"""
    r"""|composewebview_previouse_content|tutanota_quote|zmail_extra)""",
    re.IGNORECASE,
)
# Empty, or around the headers only: what follows them, to the end, is quoted or forwarded.
_BREAKS = re.compile(
    r"""\bid\s*=\s*["']?(?:x_){0,5}(?:appendonsend|divrplyfwdmsg|olk_src_body_section|mail-editor-reference-message-container)"""
    r"""|\bclass\s*=\s*["']?[^"'>]{0,100}?\bms-outlook-mobile-reference-message\b""",
    re.IGNORECASE,
)
_ATTRIBUTIONS = re.compile(
    r"""\bclass\s*=\s*["']?[^"'>]{0,100}?(?:moz-cite-prefix|gmail_attr|gmail_quote_attribution)""", re.IGNORECASE
)
_CITES = re.compile(
    r"""\btype\s*=\s*["']?cite\b|\bcite\s*=|\bclass\s*=\s*["']?[^"'>]{0,100}?(?:quot|cite)"""
    r"""|\bborder-left(?:-width)?\s*:(?!\s*(?:0|none|medium none))""",
    re.IGNORECASE,
)
_ABOVE = re.compile(r"""\bclass\s*=\s*["']?[^"'>]{0,100}?hd-above\b""", re.IGNORECASE)
_LEADS = re.compile(
    r"(?:@|\d{1,2}[.:/-]\d{2}).{0,200}:\s*$|(?:писал|написал|пишет|wrote)\S{0,5}\s*:\s*$", re.IGNORECASE
)
_LONGEST = 2000

SEPARATOR = "-----Исходное сообщение-----"


def is_container(attributes: str) -> bool:
    """A block whose whole contents are an earlier letter."""
    return bool(_CONTAINERS.search(attributes[:_LONGEST]))


def is_break(attributes: str) -> bool:
    """The point from which Outlook repeats earlier letters."""
    return bool(_BREAKS.search(attributes[:_LONGEST]))


def is_attribution(attributes: str) -> bool:
    """A block that holds the line above a quote."""
    return bool(_ATTRIBUTIONS.search(attributes[:_LONGEST]))


def is_above(attributes: str) -> bool:
    """The first line of our own letters, by the name our template gives it."""
    return bool(_ABOVE.search(attributes[:_LONGEST]))


def is_quote(attributes: str, line_above: str) -> bool:
    """Does a blockquote quote? Without a program's mark it may be mere indentation: then the line above tells."""
    return bool(_CITES.search(attributes[:_LONGEST]) or is_container(attributes) or _LEADS.search(line_above[-300:]))

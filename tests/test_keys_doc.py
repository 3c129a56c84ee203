"""The page of keys says what the pages offer: each key of a template stands in it, where it works."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WHERE = {"queue": "list", "tickets": "request", "calls": "call", "layout": "everywhere", "search": "everywhere"}
KEY = re.compile(r"""data[-_]key="(Shift\+)?(?:Key|Digit)?([A-Za-z0-9{]+)""")
NAMED = {"Slash": "/", "{": "1"}


def documented() -> dict[str, str]:
    """Place to the keys that stand there."""
    found: dict[str, str] = {}
    place = ""
    for line in (ROOT / "docs" / "keys.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) == 5 and cells[2]:
            place = cells[1] or place
            found[place] = f"{found.get(place, '')}, {cells[2]}"
    return found


def test_every_key_of_a_template_is_documented() -> None:
    told = documented()
    missing = []
    for path in (ROOT / "app" / "templates").rglob("*.html"):
        place = WHERE.get(path.parent.name)
        for shift, name in KEY.findall(path.read_text(encoding="utf-8")):
            key = shift + NAMED.get(name[:1] if name[:1] == "{" else name, name)
            if place and not re.search(rf"(^|[ ,+]){re.escape(key)}($|[ ,])", f"{told[place]}, {told['everywhere']}"):
                missing.append((path.name, key))
    assert not missing

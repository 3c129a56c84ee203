"""Fragments that keep themselves fresh: each fetches its own address with the digest of what it shows."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from flask import Response, request
from markupsafe import Markup

_TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')  # another with each second, and nothing to see


@dataclass(frozen=True)
class Fragment:
    """``inner`` is what it shows; ``address`` is where it gets fresh, without the digest."""

    id: str
    address: str
    inner: str
    every: str = "25s"

    @property
    def digest(self) -> str:
        return hashlib.blake2b(_TOKEN.sub("", self.inner).encode(), digest_size=8).hexdigest()

    def __html__(self) -> str:
        joint = "&" if "?" in self.address else "?"
        own = {"id": self.id, "hx_get": f"{self.address}{joint}seen={self.digest}", "every": self.every}
        opening = Markup('<div id="{id}" hx-get="{hx_get}" hx-trigger="every {every}" hx-swap="outerMorph">').format(
            **own
        )
        return f"{opening}{self.inner}</div>"  # the inside is a rendered template, escaped already


def fresh(fragment: Fragment) -> Response:
    """The fragment, or 204 when the page shows just that already."""
    if request.args.get("seen") == fragment.digest:
        return Response(status=204)
    return Response(fragment.__html__(), mimetype="text/html")

"""What a staff page shows fifty times, made once: icons, avatars, addresses of places that need no number."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import Flask, has_request_context, request, url_for
from markupsafe import Markup

_KEPT = 500  # of each kind


def init_app(app: Flask) -> None:
    """After the static files are known: icons come from one of them."""
    sprite = str(app.jinja_env.globals["sprite"])
    app.jinja_env.globals.update(drawn_icon=_icons(sprite), drawn_avatar=avatar, url_for=_addresses())


def _icons(sprite: str) -> Callable[..., Markup]:
    @lru_cache(_KEPT)
    def icon(name: str, extra: str = "") -> Markup:
        kind = f"icon {extra}" if extra else "icon"
        return Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>').format(kind, sprite, name)

    return icon


@lru_cache(_KEPT)
def avatar(initials: str, me: bool = False, large: bool = False) -> Markup:
    kinds = {"avatar--me": me, "avatar--large": large, "avatar--none": not initials}
    kind = " ".join(["avatar", *(name for name, is_so in kinds.items() if is_so)])
    return Markup('<span class="{}" aria-hidden="true">{}</span>').format(kind, initials)


def _addresses() -> Callable[..., str]:
    @lru_cache(_KEPT)
    def plain(endpoint: str, _root: str) -> str:
        return url_for(endpoint)

    def address(endpoint: str, **values: Any) -> str:
        if values or not has_request_context():
            return url_for(endpoint, **values)
        return plain(endpoint, request.root_path)

    return address

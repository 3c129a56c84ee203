"""Static files, read once at start: addresses carry a hash of the content, all stylesheets travel as one."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, Response, abort, request

STYLESHEET = "app.css"
YEAR = 365 * 24 * 3600
_TEXT = {"text/css", "text/javascript", "image/svg+xml", "text/plain"}
_COMMENTS = re.compile(r"/\*.*?\*/", re.DOTALL)
_ADDRESSES = re.compile(r'url\("\.\./([^"]+)"\)')


@dataclass(frozen=True)
class Asset:
    """One file as it is sent; ``packed`` is its gzip form where that helps."""

    body: bytes
    type: str
    digest: str = field(init=False)
    packed: bytes | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", hashlib.sha256(self.body).hexdigest()[:12])
        object.__setattr__(self, "packed", gzip.compress(self.body, 9, mtime=0) if self.type in _TEXT else None)


def init_app(app: Flask) -> None:
    """Read the static folder and serve it; ``asset_url`` becomes a name that templates know."""
    assets = _read(Path(app.static_folder or ""))
    addresses = {name: f"/static/{name}?v={asset.digest}" for name, asset in assets.items()}
    modified = datetime.now(UTC)

    def serve(filename: str) -> Response:
        asset = assets.get(filename) or abort(404)
        response = Response(asset.body, mimetype=asset.type)
        if asset.packed and request.accept_encodings["gzip"]:
            response.set_data(asset.packed)
            response.headers["Content-Encoding"] = "gzip"
        if asset.packed:
            response.headers["Vary"] = "Accept-Encoding"
        is_fixed = request.args.get("v") == asset.digest
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if is_fixed else "no-cache"
        response.set_etag(asset.digest)
        response.last_modified = modified
        response.make_conditional(request)
        return response

    app.view_functions["static"] = serve
    for name in ("robots.txt", "favicon.ico"):
        app.add_url_rule(f"/{name}", endpoint="static", defaults={"filename": name})
    app.jinja_env.globals["asset_url"] = addresses.__getitem__
    app.jinja_env.globals["sprite"] = addresses["icons.svg"]


def _read(folder: Path) -> dict[str, Asset]:
    assets = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in {".css", ".md"}:
            assets[path.relative_to(folder).as_posix()] = Asset(path.read_bytes(), _type_of(path.name))
    assets[STYLESHEET] = Asset(_stylesheet(folder / "css", assets).encode(), "text/css")
    return assets


def _type_of(name: str) -> str:
    return "text/javascript" if name.endswith(".js") else mimetypes.guess_type(name)[0] or "application/octet-stream"


def _stylesheet(folder: Path, assets: dict[str, Asset]) -> str:
    """All stylesheets in one; ``reset.css`` goes first because it names the order of the layers."""
    paths = sorted(folder.glob("*.css"), key=lambda path: (path.name != "reset.css", path.name))
    text = _COMMENTS.sub("", "\n".join(path.read_text(encoding="utf-8") for path in paths))
    text = "\n".join(line for line in map(str.strip, text.splitlines()) if line)
    return _ADDRESSES.sub(lambda found: f'url("{found[1]}?v={assets[found[1]].digest}")', text)

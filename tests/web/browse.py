"""A visitor without JavaScript who checks every page on the way: HTML, names, labels, forms, addresses, headers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.test import TestResponse, encode_multipart

from app.extensions import db

_NAMELESS = {"hidden", "submit", "button", "image", "reset"}
_CONTROLS = {"input", "select", "textarea"}
_HX = {"hx-get": "GET", "hx-post": "POST", "hx-put": "PUT", "hx-patch": "PATCH", "hx-delete": "DELETE"}


@dataclass
class Page:
    """A page that passed the checks."""

    response: TestResponse
    root: Element
    address: str

    @property
    def text(self) -> str:
        return " ".join("".join(self.root.itertext()).split()).replace("\xa0", " ")

    @property
    def title(self) -> str:
        return "".join(_one(self.root, "title").itertext())

    @property
    def status(self) -> int:
        return self.response.status_code

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Elements by tag and attributes; ``class_`` and the like lose their last underline, others become dashes."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [one for one in self.root.iter(tag) if all(one.get(name) == value for name, value in wanted.items())]

    def one(self, tag: str, **attributes: str) -> Element:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{self.address}: {len(found)} <{tag}> with {attributes}"
        return found[0]

    def form(self, action: str) -> Element:
        return self.one("form", action=action)


@dataclass
class Browser:
    app: Flask
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def open(self, address: str, status: int = 200) -> Page:
        return self._arrive("GET", address, status)

    def post(self, address: str, status: int = 200, **sent: Any) -> Page:
        """Post without a form, as a stranger's program would."""
        return self._arrive("POST", address, status, **sent)

    def send(self, page: Page, action: str, status: int = 200, **typed: Any) -> Page:
        """Fill in the form with that action and press its first button."""
        form = page.one("form", action=action, method="post")
        data = {**_filled(form), **typed}
        if form.get("enctype") == "multipart/form-data":
            boundary, body = encode_multipart(_parts(data))
            sent: dict[str, Any] = {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}
        else:
            sent = {"data": data}
        return self._arrive("POST", form.get("action") or "", status, **sent)

    def _arrive(self, method: str, where: str, status: int, **sent: Any) -> Page:
        if has_app_context():
            db.session.rollback()  # a test that only read holds SQLite's one lock for writing
        with self.app.app_context():  # of its own: what one request keeps in ``g`` is not the next one's
            response = self.client.open(where, method=method, follow_redirects=True, **sent)
        if has_app_context():
            db.session.expire_all()  # so that the test reads what the request wrote
        address = response.request.path
        assert response.status_code == status, f"{address}: {response.status_code}\n{response.text[:2000]}"
        page = Page(response, parse(response.text), address)
        check(page, self.app)
        return page


def parse(text: str) -> Element:
    """The tree of a page; raises where a browser would have to guess."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree: Element = parser.parse(text)
    for one in tree.iter():
        if one.tag == "template":
            one[:] = []  # what a script may clone later is not on the page
    return tree


def check(page: Page, app: Flask) -> None:
    """All that holds for every page."""
    root, where = page.root, page.address
    _check_head(root, where)
    _check_ids(root, where)
    _check_names(root, where)
    _check_forms(root, where)
    _check_policy(root, where)
    _check_addresses(root, where, app)
    headers = page.response.headers
    assert "default-src 'none'" in headers["Content-Security-Policy"], where
    assert headers["X-Content-Type-Options"] == "nosniff", where
    assert headers["Referrer-Policy"] == "no-referrer", where
    assert headers["Cache-Control"] == "no-store", where
    assert "Cookie" in headers["Vary"], where


def check_fragment(text: str) -> Element:
    """A fragment has one root, and the root has an id."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    roots = [one for one in parser.parseFragment(text) if isinstance(one.tag, str)]
    assert len(roots) == 1, f"{len(roots)} roots in {text[:200]}"
    assert roots[0].get("id"), text[:200]
    root: Element = roots[0]
    return root


def _check_head(root: Element, where: str) -> None:
    assert root.get("lang"), f"{where}: no language"
    assert "".join(_one(root, "title").itertext()).strip(" –"), f"{where}: no title"
    headings = list(root.iter("h1"))
    assert len(headings) == 1, f"{where}: {len(headings)} <h1>"
    assert "".join(headings[0].itertext()).strip(), f"{where}: an empty <h1>"
    assert len(list(root.iter("main"))) == 1, f"{where}: not one <main>"


def _check_ids(root: Element, where: str) -> None:
    ids = [one.get("id") for one in root.iter() if one.get("id") is not None]
    doubles = {name for name in ids if ids.count(name) > 1}
    assert not doubles, f"{where}: ids twice {doubles}"
    for one in root.iter():
        for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            for name in (one.get(attribute) or "").split():
                assert name in ids, f"{where}: {attribute}={name!r} leads nowhere"
        target = one.get("href") or ""
        if one.tag == "a" and len(target) > 1 and target.startswith("#"):
            assert target[1:] in ids, f"{where}: {target} leads nowhere"


def _check_names(root: Element, where: str) -> None:
    labelled = {one.get("for") for one in root.iter("label")}
    inside = {control for label in root.iter("label") for control in label.iter() if control.tag in _CONTROLS}
    for one in _controls(root):
        named = one.get("id") in labelled or one in inside or one.get("aria-label") or one.get("aria-labelledby")
        assert named, f"{where}: <{one.tag} name={one.get('name')!r}> has no label"
    for one in (*root.iter("button"), *root.iter("a")):
        words = "".join(one.itertext()).strip() or one.get("aria-label")
        assert words, f"{where}: <{one.tag}> without words"


def _check_forms(root: Element, where: str) -> None:
    for form in root.iter("form"):
        if form.get("method") == "dialog":  # closes its dialog and sends nothing
            continue
        assert form.get("method") in {"get", "post"}, f"{where}: a form without a method"
        assert form.get("action"), f"{where}: a form without an action"
        if form.get("method") == "post":
            tokens = [one for one in form.iter("input") if one.get("name") == "csrf_token"]
            assert [bool(one.get("value")) for one in tokens] == [True], (
                f"{where}: {form.get('action')} without csrf_token"
            )


def _check_policy(root: Element, where: str) -> None:
    assert not list(root.iter("style")), f"{where}: an inline style sheet"
    for script in root.iter("script"):
        assert (script.get("src") or "").startswith("/static/"), f"{where}: an inline or foreign script"
    for one in root.iter():
        for name in one.attrib:
            is_inline = name == "style" or str(name).startswith(("on", "hx-on"))
            assert not is_inline, f"{where}: {name} on <{one.tag}>"


def _check_addresses(root: Element, where: str, app: Flask) -> None:
    router = app.url_map.bind("localhost")
    for one in root.iter():
        asked = [(one.get(name), method) for name, method in _HX.items() if one.get(name)]
        if one.tag == "form" and one.get("method") != "dialog":
            asked.append((one.get("action"), (one.get("method") or "get").upper()))
        if one.tag == "a" and (one.get("href") or "").startswith("/"):
            asked.append((one.get("href"), "GET"))
        for address, method in asked:
            path = (address or "").partition("?")[0].partition("#")[0]
            try:
                router.match(path, method)
            except (NotFound, MethodNotAllowed) as error:
                raise AssertionError(f"{where}: {method} {address} has no route") from error


def _controls(root: Element) -> Iterator[Element]:
    for one in root.iter():
        if one.tag in _CONTROLS and one.get("type") not in _NAMELESS and one.get("aria-hidden") != "true":
            yield one


def _parts(data: dict[str, Any]) -> MultiDict[str, Any]:
    """Fields in the order of the form; a file is a pair of stream and name."""
    parts: MultiDict[str, Any] = MultiDict()
    for name, value in data.items():
        for one in value if isinstance(value, list) else [value]:
            parts.add(name, FileStorage(one[0], filename=one[1]) if isinstance(one, tuple) else one)
    return parts


def _filled(form: Element) -> dict[str, Any]:
    """What a browser would send of a form as it stands."""
    data: dict[str, Any] = {}
    for one in form.iter():
        name = one.get("name")
        if not name or one.tag not in _CONTROLS or one.get("type") in {"file", "submit", "button"}:
            continue
        if one.get("type") in {"radio", "checkbox"} and one.get("checked") is None:
            continue
        data[name] = _value(one)
    return data


def _value(control: Element) -> str:
    if control.tag == "textarea":
        return (control.text or "").removeprefix("\n")
    if control.tag == "select":
        options = list(control.iter("option"))
        chosen = next((one for one in options if one.get("selected") is not None), options[0])
        return chosen.get("value", "".join(chosen.itertext()))
    return control.get("value") or ""


def _one(root: Element, tag: str) -> Element:
    found = next(iter(root.iter(tag)), None)
    assert found is not None, f"no <{tag}>"
    return found

"""Every page that there is, walked: what no cache may keep, what no frame may hold, what no page may tell."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.models import Role, Ticket
from app.policy import OPEN_ACTS
from app.rights import RIGHTS
from app.web import links
from tests.cast import masha, request_of_carol, staff
from tests.web.signing_in import browser_of, csrf_token
from tests.web.test_rights import address, routes, token

_ENDLESS = {"live.stream"}
_KEPT = {"static", "assets.robots"}
_FRAMED = {"letter_view.frame", "mail_templates.preview"}
SECRETS = {
    "MAIL_PASSWORD": "hush-mail",
    "MAIL_USERNAME": "info",
    "IMAP_URL": "imaps://info:hush-imap@127.0.0.1:1/INBOX",
    "TELEGRAM_BOT_TOKEN": "123456789:hush-telegram-hush-telegram-hush-te",
    "PAGE_WEBHOOK_URL": "https://sms.example/hush-hook",
    "PAGE_WEBHOOK_SECRET": "hush-signature",
    "METRICS_TOKEN": "hush-metrics",
}


def pages(app: Flask, number: str) -> Iterator[tuple[str, str]]:
    for rule, method in routes(app):
        if method == "GET" and rule.endpoint not in _ENDLESS:
            yield rule.endpoint, address(app, rule, number)


@pytest.mark.trust("S4")
@pytest.mark.trust("S15")
def test_no_cache_keeps_a_page_and_no_frame_holds_one(app: Flask) -> None:
    ticket = request_of_carol()
    customer = f"/r/{links.token_of(ticket)}"
    browser = browser_of(app, masha())
    for endpoint, path in [*pages(app, ticket.number), ("links.show", customer)]:
        db.session.rollback()
        with browser.get(path) as answer:
            kept, policy = answer.headers["Cache-Control"], answer.headers["Content-Security-Policy"]
            vary = {one.strip() for one in answer.headers.get("Vary", "").split(",")}
        if endpoint in _KEPT:
            continue
        assert "no-store" in kept, path
        assert {"Cookie", "HX-Request"} <= vary or endpoint == "downloads.show", (path, vary)
        assert "frame-ancestors 'none'" in policy or (endpoint in _FRAMED and "frame-ancestors 'self'" in policy), path


def _everything() -> dict[str, str]:
    """A fingerprint of every table but the sessions, which say when a browser was heard of."""
    found = {}
    for table in db.metadata.sorted_tables:
        rows = sorted(repr(tuple(row)) for row in db.session.execute(select(table)))
        found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    db.session.rollback()
    return found


@pytest.mark.trust("S1")
def test_looking_changes_nothing(app: Flask) -> None:
    """Every address by GET, as a manager, as the customer and as nobody: not one row of any table is another."""
    ticket = request_of_carol()
    customer, number = f"/r/{links.token_of(ticket)}", ticket.number
    browser = browser_of(app, masha())
    before = _everything()
    for client in (browser, app.test_client()):
        for _endpoint, path in [*pages(app, number), ("links.show", customer)]:
            with client.get(path):
                pass
            db.session.rollback()
    after = _everything()
    assert {name for name in before if before[name] != after[name]} == set()


@pytest.mark.trust("S1")
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:8000.evil.example"}, 403),
        ({"Origin": "nonsense"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_a_form_of_another_site_is_refused_with_a_good_token_too(
    app: Flask, headers: dict[str, str], status: int
) -> None:
    number = request_of_carol().number
    browser = browser_of(app, masha())
    data = {"csrf_token": csrf_token(browser)}
    db.session.rollback()
    assert browser.post(f"/tickets/{number}/taking", data=data, headers=headers).status_code == status
    taken = db.session.query(Ticket).one().engineer_id is not None
    assert taken is (status == 303)


@pytest.mark.trust("I8")
def test_no_page_and_no_answer_gives_a_secret_back(make_app: Callable[..., Flask]) -> None:
    app = make_app(**SECRETS)
    with app.app_context():
        number = request_of_carol().number
        admin = staff("Роман Степанов", Role.ADMIN, "roman@stek.example")
        browser, key = browser_of(app, admin), token(Role.ADMIN)
        for endpoint, path in pages(app, number):
            if endpoint == "static":
                continue
            db.session.rollback()
            is_api = path.startswith("/api/")  # where a cookie would hide the token
            client, headers = (app.test_client(), {"Authorization": f"Bearer {key}"}) if is_api else (browser, {})
            if endpoint in {"health.figures", "health.ready"}:
                headers = {"Authorization": f"Bearer {SECRETS['METRICS_TOKEN']}"}
            _tells_nothing(client, path, headers, app.secret_key)
        found = app.test_cli_runner().invoke(args=["doctor"]).output
        assert "hush" not in found, found


def _tells_nothing(browser: FlaskClient, path: str, headers: dict[str, str], key: Any) -> None:
    with browser.get(path, headers=headers) as answer:
        assert "hush" not in answer.get_data(as_text=True), path
        assert str(key) not in answer.get_data(as_text=True), path
        assert answer.status_code < 500 or path == "/readyz", path
        assert answer.status_code != 401, path


@pytest.mark.trust("A10")
def test_nobody_outside_learns_names_by_asking(app: Flask) -> None:
    """Carol is a client; a stranger, and a customer with a request of their own, probe every open page for her."""
    request_of_carol()
    other = request_of_carol(name="Чужой", email="other@elsewhere.example", phone="+79990001122", company="Другая")
    customer = app.test_client()
    assert customer.get(f"/r/{links.token_of(other)}", follow_redirects=True).status_code == 200
    asked = {"q": "Петр", "company": "Нева", "email": "carol@", "phone": "9005550144", "name": "Ол", "to": "office@"}
    for client in (app.test_client(), customer):
        for rule, method in routes(app):
            if method != "GET" or rule.endpoint in _ENDLESS:
                continue
            db.session.rollback()
            with client.get(address(app, rule, other.number), query_string=asked) as answer:
                is_open = RIGHTS[rule.endpoint] in OPEN_ACTS
                assert is_open or answer.status_code in {302, 401, 403}, rule.rule
                told = answer.get_data(as_text=True) if rule.endpoint != "static" else ""
            for words in ("Ольга Сергеевна", "neva-trade.example", "+79005550144", "118/2024", "Лиговский, 50"):
                assert words not in told, (rule.rule, words)


@pytest.mark.trust("A12")
def test_no_open_page_tells_of_the_machine(app: Flask) -> None:
    request_of_carol()
    stranger = app.test_client()
    for rule, method in routes(app):
        if method != "GET" or RIGHTS[rule.endpoint] not in OPEN_ACTS or rule.endpoint == "static":
            continue
        db.session.rollback()
        client = {"REMOTE_ADDR": "198.51.100.7"}
        with stranger.get(address(app, rule, "482173"), environ_base=client) as answer:
            told, headers = answer.get_data(as_text=True), answer.headers
        for words in ("Traceback", "/app/", "site-packages", "sqlite", "postgresql", "gunicorn", "Werkzeug", "Python/"):
            assert words not in told, (rule.rule, words)
        assert "Server" not in headers or not any(sign.isdigit() for sign in headers["Server"])
        assert "X-Powered-By" not in headers


@pytest.mark.trust("X10")
def test_the_desk_makes_no_file_out_of_a_page(app: Flask) -> None:
    """Printing is the reader's browser: no renderer is installed that could be made to read or fetch something."""
    installed = (Path(app.root_path).parent / "requirements.txt").read_text(encoding="utf-8").lower()
    for renderer in ("weasyprint", "pdfkit", "reportlab", "xhtml2pdf", "playwright", "selenium", "imgkit", "fpdf"):
        assert f"\n{renderer}" not in installed
    number = request_of_carol().number
    browser = browser_of(app, masha())
    for _endpoint, path in pages(app, number):
        db.session.rollback()
        with browser.get(path) as answer:
            assert answer.mimetype not in {"application/pdf", "image/png"} or path.startswith("/static"), path

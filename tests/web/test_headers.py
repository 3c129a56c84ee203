"""Headers of every answer, hosts that are not ours, and static files."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from flask import Flask

from app.web.headers import known_hosts
from tests.web.browse import Browser

STATIC = Path(__file__).parents[2] / "app" / "static"


@pytest.mark.trust("S8")
@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:1", "xn--80ak6aa92e.com", ""])
def test_an_unknown_host_is_refused(app: Flask, host: str):
    answer = app.test_client().get("/", headers={"Host": host})
    assert answer.status_code == 400


def test_the_public_address_and_this_machine_are_known(make_app):
    app = make_app(PUBLIC_URL="https://help.stek.example", PORT="8123")
    hosts = known_hosts(app.config["HELPDESK"])
    assert {"help.stek.example", "help.stek.example:443", "127.0.0.1:8123", "localhost:8123"} <= hosts
    assert "help.stek.example:80" not in hosts


@pytest.mark.trust("S8")
def test_forwarded_hosts_are_not_believed_without_a_proxy(app: Flask):
    answer = app.test_client().get("/", headers={"X-Forwarded-Host": "evil.example"})
    assert answer.status_code == 200
    assert "evil.example" not in answer.text


@pytest.mark.trust("S3")
def test_https_brings_strict_transport_and_host_cookies(make_app):
    client = make_app(PUBLIC_URL="https://localhost").test_client()
    answer = client.get("/", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-")
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))


def test_forms_work_over_https_though_no_page_sends_a_referer(make_app):
    client = make_app(PUBLIC_URL="https://localhost").test_client()
    page = client.get("/status", base_url="https://localhost").text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    answer = client.post("/status/link", base_url="https://localhost", data={"csrf_token": token})
    assert answer.status_code == 422


def test_static_files_are_kept_a_year_by_their_hash_and_asked_again_without(app: Flask):
    client = app.test_client()
    address = re.findall(r'href="(/static/app\.css\?v=[0-9a-f]+)"', client.get("/memo").text)[0]
    fixed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in fixed.headers["Cache-Control"]
    assert "no-cache" in client.get("/static/app.css").headers["Cache-Control"]
    assert gzip.decompress(fixed.data) == client.get("/static/app.css").data
    again = client.get("/static/app.css", headers={"If-None-Match": fixed.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/static/../config.py").status_code == 404


def test_the_stylesheet_names_only_files_that_exist(app: Flask):
    client = app.test_client()
    css = client.get("/static/app.css").text
    assert css.startswith("@layer reset, tokens, base, layout, components, print;")
    for address in re.findall(r'url\("([^"]+)"\)', css):
        assert client.get(f"/static/{address.removeprefix('../')}").status_code == 200, address


def test_every_icon_that_templates_name_is_in_the_sprite(app: Flask):
    sprite = (STATIC / "icons.svg").read_text(encoding="utf-8")
    known = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    for template in (STATIC.parent / "templates").rglob("*.html"):
        named = set(re.findall(r'ui\.icon\("([\w-]+)"|sprite }}#([\w-]+)"', template.read_text(encoding="utf-8")))
        assert {first or second for first, second in named} <= known, template.name


def test_vendored_files_are_what_their_table_says():
    table = (STATIC / "vendor" / "VENDOR.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)`.*`([0-9a-f]{64})` \|$", table, re.MULTILINE)
    assert len(rows) == 4
    for name, digest in rows:
        path = STATIC.parents[1] / name if name.startswith("tests/") else STATIC / "vendor" / name
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digest, name


def test_robots_stay_out_of_all_but_the_front(app: Flask):
    answer = app.test_client().get("/robots.txt")
    assert answer.status_code == 200
    assert "Disallow: /\n" in answer.text


def test_stylesheets_and_scripts_stay_small():
    for path in [*(STATIC / "css").glob("*.css"), *(STATIC / "js").glob("*.js")]:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= (200 if path.suffix == ".css" else 120), f"{path.name}: {lines} lines"


def test_pages_for_customers_carry_their_headers(app: Flask):
    for address in ("/", "/status", "/memo", "/privacy"):
        Browser(app).open(address)  # checks them

"""Files of letters as staff get them: whatever they are and are called, a download with clean headers."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import quote, unquote

import pytest
from flask import Flask

from app.extensions import db
from app.models.message import Attachment
from tests import cast
from tests.intake.mailing import MAILBOX, messages, receive, ticket_of
from tests.web.browse import Browser
from tests.web.signing_in import signed_in

BODIES = {
    "page.html": b"<html><script>alert(1)</script>",
    "picture.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "meeting.ics": b"BEGIN:VCALENDAR\r\nDESCRIPTION:<script>alert(1)</script>\r\nEND:VCALENDAR\r\n",
    ".htaccess": b"AddType application/x-httpd-php .txt",
    "shell.phtml": b"<?php system($_GET[0]); ?>",
    "shell.pht": b"<?php system($_GET[0]); ?>",
    "run.py": b"import os; os.system('id')",
    "feed.xml": b"<?xml version='1.0'?><x xmlns:h='http://www.w3.org/1999/xhtml'><h:script>alert(1)</h:script></x>",
    "card.vcf": b"BEGIN:VCARD\r\nNOTE:<script>alert(1)</script>\r\nEND:VCARD\r\n",
    "letter.eml": b"Subject: x\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>",
}
NAMES = [
    "a\r\nSet-Cookie: desk=1",
    'a"; filename="b.exe',
    "акт сверки №1 «Ёлка».pdf",
    "../../../etc/passwd",
    r"C:\Windows\win.ini",
    "gpj.\u202eexe.txt",
    "a\0b\x1b[31m.txt",
    "д" * 300 + ".pdf",
    "\u2028\u0085",
    "con<>:|?*.txt",
    "%0d%0aX-Evil: 1",
]


@pytest.fixture
def alice(app: Flask) -> Browser:
    return signed_in(app, cast.alice())


def arrived(name: str, content: bytes, kind: str = "text/html") -> Attachment:
    """A letter with one file, whose name is spelled by RFC 2231, so that any character comes through."""
    raw = (
        f"From: carol@romashka.ru\r\nTo: {MAILBOX}\r\nSubject: Файл\r\n"
        'Content-Type: multipart/mixed; boundary="=_f"\r\n\r\n--=_f\r\nContent-Type: text/plain\r\n\r\nsee\r\n--=_f\r\n'
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment; filename*=utf-8''{quote(name, safe='')}\r\n\r\n"
        f"{b64encode(content).decode()}\r\n--=_f--\r\n"
    ).encode()
    ticket = ticket_of(receive(raw))
    assert len(messages(ticket)) == 1
    return db.session.query(Attachment).filter_by(ticket_id=ticket.id).one()


@pytest.mark.trust("F2")
@pytest.mark.trust("X6")
@pytest.mark.trust("X7")
@pytest.mark.parametrize("kind", ["text/html", "image/png"])
@pytest.mark.parametrize("name", BODIES)
def test_active_files_are_downloads_that_nothing_interprets(alice: Browser, name: str, kind: str):
    file = arrived(name, BODIES[name], kind)
    with alice.client.get(f"/files/{file.id}") as answer:
        assert answer.data == BODIES[name]
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"


@pytest.mark.trust("X12")
@pytest.mark.trust("F6")
@pytest.mark.trust("F1")
@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_any_name_makes_one_clean_header(alice: Browser, name: str):
    file = arrived(name, b"%PDF-1.4 x", 'text/html; x="\r\n Set-Cookie: desk=2"')
    with alice.client.get(f"/files/{file.id}") as answer:
        assert answer.data == b"%PDF-1.4 x"
        assert answer.headers.getlist("Content-Type") == ["application/pdf"]
        assert not any(cookie.startswith(("desk=1", "desk=2")) for cookie in answer.headers.getlist("Set-Cookie"))
        assert "X-Evil" not in answer.headers
        (value,) = answer.headers.getlist("Content-Disposition")
    kind, _, rest = value.partition("; ")
    assert kind == "attachment"
    assert value.isascii()
    assert value.isprintable()
    shown = unquote(rest.partition("filename*=UTF-8''")[2]) or rest.removeprefix("filename=").strip('"')
    assert shown == file.name
    assert not set(shown) & set('/\\\r\n\0\x1b\u202e\u2028\u0085"')
    assert 0 < len(shown) <= 150

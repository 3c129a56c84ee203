"""Hostile files by letter, to the disk and back to a browser: nothing is run, unpacked, fetched or believed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import psutil
import pytest
from flask import Flask
from sqlalchemy import select

from app import notify
from app.config import settings
from app.extensions import db
from app.intake.mime import child
from app.models.message import Attachment
from app.web import links
from tests import cast
from tests.intake.hostile.in_files import HUGE_PICTURE, ZIP_BOMB
from tests.intake.mailing import receive, ticket_of
from tests.intake.samples import attachment, letter, multipart, text_part
from tests.intake.wrapping import part
from tests.web.signing_in import browser_of

ACTIVE = {".htaccess": "htaccess", "a.phtml": "a.phtml", "a.py": "a.py", "a.pht": "a.pht", "a.html": "a.html"}
NAMES = {
    "line ends and quotes": (b"filename*=utf-8''a%0D%0AX-Evil:%20%22%3B%20b.txt", "a X-Evil_ _; b.txt"),
    "Cyrillic": ("filename=Отчёт №1.txt".encode(), "Отчёт №1.txt"),
}


def attachments() -> list[Attachment]:
    return list(db.session.scalars(select(Attachment).order_by(Attachment.id)))


@pytest.mark.trust("F2")
def test_active_files_are_bytes_to_be_downloaded(app: Flask):
    markup = b"<script>alert(1)</script>"
    sent = [
        b"Content-Type: text/html\r\nContent-Disposition: attachment; filename=%s\r\n\r\n%s\r\n"
        % (name.encode(), markup)
        for name in ACTIVE
    ]
    ticket = ticket_of(receive(multipart(text_part(b"words"), *sent)))
    assert [file.name for file in attachments()] == list(ACTIVE.values())
    stored = [path.name for path in settings().files_dir.rglob("*") if path.is_file()]
    assert not [name for name in stored if not name.isalnum() or "." in name]
    alice = browser_of(app, cast.alice())
    customer = app.test_client()
    for file in attachments():
        for where in (f"/files/{file.id}", f"/r/{links.token_of(ticket)}/files/{file.id}"):
            with (alice if where.startswith("/files") else customer).get(where) as answer:
                assert answer.data == markup
                assert answer.mimetype == "application/octet-stream"
                assert answer.headers["Content-Disposition"].startswith("attachment;")
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.trust("F6")
@pytest.mark.parametrize(("given", "name"), NAMES.values(), ids=NAMES)
def test_a_name_makes_one_clean_header(app: Flask, given: bytes, name: str):
    receive(attachment(given, kind=b'text/html; x="\r\n\tSet-Cookie: a=b"'))
    [file] = attachments()
    assert file.name == name
    with browser_of(app, cast.alice()).get(f"/files/{file.id}") as answer:
        assert "X-Evil" not in answer.headers
        assert "a=b" not in answer.headers.get("Set-Cookie", "")
        assert answer.mimetype == "application/octet-stream"
        assert len(answer.headers.getlist("Content-Disposition")) == 1
        assert answer.headers["Content-Disposition"].isascii()


@pytest.mark.trust("F3")
def test_bombs_are_kept_as_they_came(app: Flask):
    files = [(ZIP_BOMB, b"application/zip; name=a.zip"), (HUGE_PICTURE, b"image/png; name=a.png")]
    before = psutil.Process().memory_info().rss
    receive(multipart(text_part(b"x"), *(part(content, b"Content-Type: " + kind) for content, kind in files)))
    assert [file.size for file in attachments()] == [len(content) for content, _kind in files]
    reader = child._children._process
    assert reader
    assert psutil.Process(reader.pid).memory_info().rss < 300 << 20
    assert psutil.Process().memory_info().rss - before < 100 << 20


@pytest.fixture
def canary() -> Iterator[tuple[str, list[str]]]:
    """A web server that notes every knock."""
    knocked: list[str] = []

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            knocked.append(self.path)
            self.send_error(404)

        def log_message(self, *_words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Noting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", knocked
    server.shutdown()
    server.server_close()


@pytest.mark.trust("M16")
def test_nothing_that_a_letter_names_is_fetched(app: Flask, canary: tuple[str, list[str]]):
    address, knocked = canary
    where = address.encode()
    elsewhere = b'Content-Type: message/external-body; access-type=URL; URL="' + where + b'/a"\r\n\r\n'
    markup = b'<img src="%s/b"><link rel=stylesheet href="%s/c"><a href="%s/d">x</a>' % (where, where, where)
    invitation = b"BEGIN:VEVENT\r\nSUMMARY:x\r\nATTACH:%s/e\r\nURL:%s/f\r\nEND:VEVENT\r\n" % (where, where)
    headers = b"List-Unsubscribe: <%s/g>\r\nDisposition-Notification-To: carol@romashka.ru\r\n" % where
    receive(letter(headers + b"Content-Type: text/html\r\n", markup))
    parts = [elsewhere, b"Content-Type: text/calendar\r\n\r\n" + invitation]
    ticket = ticket_of(receive(multipart(text_part(markup, b"Content-Type: text/html\r\n"), *parts)))
    notify.run()
    page = browser_of(app, cast.alice()).get(f"/tickets/{ticket.number}")
    assert page.status_code == 200
    assert not knocked

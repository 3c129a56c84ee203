"""The virus scanner: a clamd on a real socket, a command, and what happens when neither answers."""

from __future__ import annotations

import io
import logging
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import files, notify, virus_scan
from app.errors import BadSetting
from app.extensions import db
from app.models import Attachment, Upload
from app.web import links
from tests import cast, clamd
from tests.clamd import EICAR, Clamd
from tests.intake.mailing import receive, ticket_of
from tests.intake.samples import attachment
from tests.web.browse import Browser
from tests.web.signing_in import browser_of
from tests.web.test_requests import TYPED

COMMAND = (
    f'command:{sys.executable} -c \'import sys; data = open(sys.argv[1], "rb").read();'
    ' sys.exit(2 if b"broken" in data else b"EICAR" in data)\''
)


@pytest.fixture(autouse=True)
def rested() -> Iterator[None]:
    virus_scan.rest.end()
    yield
    virus_scan.rest.end()


@pytest.fixture
def scanner() -> Iterator[Clamd]:
    with tempfile.TemporaryDirectory() as folder, clamd.running(Path(folder) / "clamd") as running:
        yield running


@pytest.fixture
def desk(make_app: Callable[..., Flask], scanner: Clamd) -> Iterator[Flask]:
    app = make_app(VIRUS_SCAN=f"clamd:{scanner.path}")
    with app.app_context():
        yield app


def kept(content: bytes) -> files.StoredFile:
    return files.keep(io.BytesIO(content), "a.txt")


@pytest.mark.trust("F7")
def test_a_known_virus_by_letter_becomes_a_request_with_a_flagged_file(desk: Flask, scanner: Clamd):
    ticket = ticket_of(receive(attachment(b"filename=invoice.com", EICAR)))
    file = db.session.scalars(select(Attachment)).one()
    assert (file.is_infected, files.path(file.storage_id).read_bytes()) == (True, EICAR)
    assert scanner.scanned == [EICAR]
    address = f"/r/{links.token_of(ticket)}"
    carol = Browser(desk)
    assert "в файле нашли вирус" in carol.open(address).text
    assert carol.client.get(f"{address}/files/{file.id}").status_code == 404
    alice = browser_of(desk, cast.alice())
    assert "в файле нашли вирус" in alice.get(f"/tickets/{ticket.number}").text
    asked = alice.get(f"/files/{file.id}")
    assert asked.mimetype == "text/html"
    assert "В файле нашли вирус" in asked.text
    with alice.get(f"/files/{file.id}?anyway=yes") as given:
        assert given.data == EICAR
    notify.run()


@pytest.mark.trust("F7")
def test_a_known_virus_by_the_form_is_flagged_too(desk: Flask):
    carol = Browser(desk)
    page = carol.open("/")
    [token] = {field.get("value") for field in page.root.iterfind(".//input[@name='csrf_token']")}
    sent = {"file": (io.BytesIO(EICAR), "a.com"), "csrf_token": token}
    upload_id = carol.client.post("/uploads", data=sent).get_json()["id"]
    assert db.session.get_one(Upload, upload_id).is_infected
    carol.send(page, "/", **{**TYPED, "uploads": upload_id})
    assert db.session.scalars(select(Attachment)).one().is_infected


def test_clean_files_pass_whole(desk: Flask, scanner: Clamd):
    content = os.urandom(300_000)
    assert not kept(content).is_infected
    assert not kept(b"").is_infected
    assert scanner.scanned == [content, b""]


def test_a_clamd_behind_a_port(make_app: Callable[..., Flask]):
    with clamd.running_on_a_port() as (_scanner, port), make_app(VIRUS_SCAN=f"clamd:127.0.0.1:{port}").app_context():
        assert [kept(content).is_infected for content in (EICAR, b"x")] == [True, False]
        virus_scan.ping()


def test_a_command_says_it_by_its_status(make_app: Callable[..., Flask], caplog: pytest.LogCaptureFixture):
    with make_app(VIRUS_SCAN=COMMAND).app_context():
        assert [kept(content).is_infected for content in (EICAR, b"x", b"broken")] == [True, False, False]
        assert "ended with 2" in caplog.text


def test_a_scanner_that_is_away_keeps_nothing_out_and_is_asked_again_later(
    make_app: Callable[..., Flask], scanner: Clamd, caplog: pytest.LogCaptureFixture
):
    path = scanner.path
    with make_app(VIRUS_SCAN=f"clamd:{path}.gone").app_context():
        assert [kept(EICAR).is_infected for _ in range(3)] == [False] * 3
        assert len(re.findall("was not scanned", caplog.text)) == 1
        Path(f"{path}.gone").symlink_to(path)
        assert not kept(EICAR).is_infected
        virus_scan.rest.end()
        assert kept(EICAR).is_infected


def test_a_slow_scanner_is_left_in_peace(desk: Flask, scanner: Clamd, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(virus_scan, "_SLOW", 0.1)
    scanner.delay = 0.2
    assert kept(EICAR).is_infected
    assert virus_scan.rest.is_on()


def test_a_hanging_scanner_is_not_waited_for(desk: Flask, scanner: Clamd, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(virus_scan, "SECONDS", 0.2)
    scanner.delay = 2
    assert not kept(EICAR).is_infected
    assert virus_scan.rest.is_on()


def test_a_file_too_large_for_the_scanner_comes_in(desk: Flask, scanner: Clamd, caplog: pytest.LogCaptureFixture):
    scanner.most = 1000
    with caplog.at_level(logging.ERROR):
        assert not kept(EICAR + bytes(3 << 20)).is_infected
    assert "not scanned" in caplog.text


def test_the_doctor_asks_the_scanner(make_app: Callable[..., Flask], scanner: Clamd):
    path = scanner.path
    said = [
        make_app(VIRUS_SCAN=f"clamd:{path}{end}").test_cli_runner().invoke(args=["doctor"]) for end in ("", ".gone")
    ]
    lines = [re.search(r"(\w+) +viruses", one.output) for one in said]
    assert [line and line.group(1) for line in lines] == ["ok", "FAIL"]


@pytest.mark.parametrize("value", ["clamd", "clamd:", "clamd:host", "clamd:host:x", "command:", "clamscan -r"])
def test_a_setting_that_names_no_scanner_is_refused(make_app: Callable[..., Flask], value: str):
    with pytest.raises(BadSetting, match="VIRUS_SCAN must look like"):
        make_app(VIRUS_SCAN=value)

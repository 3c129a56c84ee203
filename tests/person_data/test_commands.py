"""`flask person`: found by whatever is known, said before it is done, with a status for scripts."""

from __future__ import annotations

import json
import os
from errno import ENOSPC
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import Result
from flask import Flask

from app import outbox
from app.actor import SYSTEM
from app.clock import now
from app.extensions import db
from app.models import Person
from app.person_data import erasing, exporting
from tests.cast import carol, request_of_carol
from tests.intake import mailing
from tests.person_data import marked


@pytest.fixture
def run(app: Flask):
    def running(*words: str, typed: str | None = None) -> Result:
        result = app.test_cli_runner().invoke(args=["person", *words], input=typed)
        db.session.rollback()
        return result

    return running


def opened(folder: Path) -> ZipFile:
    (path,) = folder.glob("*.zip")
    assert path.stat().st_mode & 0o077 == 0
    return ZipFile(path)


@pytest.mark.trust("A11")
def test_an_export_holds_everything_but_what_colleagues_said(run: Any, tmp_path: Path):
    number = marked.whole_life().number
    marked.close_all()
    result = run("export", "8 (900) 555-77-88", "--to", str(tmp_path))
    assert (result.exit_code, "Requests: 2 of 2." in result.output) == (0, True), result.output
    archive = opened(tmp_path)
    names = archive.namelist()
    assert archive.testzip() is None
    card = json.loads(archive.read("person.json"))["cards"][0]
    assert (card["name"], card["email"], card["phone"]) == (marked.NAME, marked.EMAIL, marked.PHONE)
    request = json.loads(archive.read(f"requests/{number}.json"))
    assert (request["state"], request["ratings"][0]["comment"]) == ("closed", "Канарейка недовольна")
    assert [said["kind"] for said in request["messages"]] == ["request", "question", "answer", "solution"]
    (file,) = request["messages"][0]["files"]
    assert archive.read(file["file"]) == b"canary bytes"
    letters = [name for name in names if name.startswith("letters/")]
    assert len(letters) == 2
    assert b"canary.bin" in archive.read(letters[0])
    assert json.loads(archive.read("elsewhere.json"))[0]["text"] == "Канарейка тоже не печатает"
    assert {case["state"] for case in json.loads(archive.read("complaints.json"))} == {"answered"}
    assert len([name for name in names if name.startswith("files/")]) == 3
    assert json.loads(archive.read("telegram.json"))[0]["said_by_bot"][0]["text"] == "Канарейка, приняли"
    everything = "".join(archive.read(name).decode("utf-8", "replace") for name in names)
    for word in ("звонила", "сердится", "принтер"):  # a note, what to know, whom she wrote to
        assert word not in everything, word


def test_nothing_is_left_of_an_export_that_fails(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    carol()
    folder = tmp_path / "copies"
    assert run("export", "carol@neva-trade.example", "--to", str(folder)).exit_code == 2
    result = run("export", "carol@neva-trade.example", "--to", "/proc")
    assert result.exit_code == 1
    assert "/proc/person-" in result.output

    def full(*_given: object) -> None:
        assert list(folder.glob("*.part"))
        raise OSError(ENOSPC, os.strerror(ENOSPC))

    folder.mkdir()
    monkeypatch.setattr(exporting, "_telegram", full)
    result = run("export", "carol@neva-trade.example", "--to", str(folder))
    assert (result.exit_code, os.strerror(ENOSPC) in result.output) == (1, True), result.output
    assert list(folder.iterdir()) == []


def test_who_is_nobody_or_several_is_said(run: Any):
    for who in ("nobody@x.example", "+79990000000", "id:99", "вася"):
        for act in ("export", "erase"):
            result = run(act, who)
            assert (result.exit_code, result.output.startswith("Error: ")) == (3, True), result.output
    carol()
    db.session.add(Person(name="Дан", email="dan@x.example", phone="+79005550144", created_at=now()))
    outbox.commit()
    result = run("erase", "+7 900 555-01-44")
    assert result.exit_code == 1
    assert "id:1 Петрова Ольга Сергеевна carol@neva-trade.example; id:2 Дан dan@x.example" in result.output
    assert run("erase", "id:2", "--dry-run").exit_code == 0


def test_it_is_said_first_and_done_when_the_number_is_typed(run: Any):
    card = marked.whole_life().person_id
    said = run("erase", marked.EMAIL, "--dry-run")
    assert said.exit_code == 0
    for words in ("     2 requests", "messages in them", "     1 messages of this person in other people's requests"):
        assert words in said.output, said.output
    assert said.output.endswith("Nothing was erased.\n")
    wrong = run("erase", marked.EMAIL, typed="3\n")
    assert (wrong.exit_code, "That is not the number" in wrong.output) == (1, True)
    assert marked.olga().name == marked.NAME
    done = run("erase", marked.EMAIL, typed="2\n")
    assert (done.exit_code, "Erased: 2 requests" in done.output) == (0, True), done.output
    assert marked.found_anywhere() == []
    assert run("erase", marked.EMAIL).exit_code == 3
    again = run("erase", f"id:{card}", "--yes")
    assert (again.exit_code, "Erased already" in again.output) == (0, True)


def test_what_is_open_is_refused_unless_said(run: Any):
    ticket = request_of_carol()
    said = run("erase", "carol@neva-trade.example", "--dry-run")
    assert f"It would be refused: Not closed: {ticket.number}" in said.output
    refused = run("erase", "carol@neva-trade.example", "--yes")
    assert (refused.exit_code, "--also-open" in refused.output) == (1, True)
    done = run("erase", "carol@neva-trade.example", "--also-open", "--yes")
    assert done.exit_code == 0, done.output


def test_what_was_broken_off_goes_on(run: Any):
    marked.written("касса", "касса")
    marked.close_all()
    with outbox.transaction():
        erasing.begin(marked.olga(), SYSTEM, now())
    result = run("erase", marked.EMAIL)
    assert (result.exit_code, "going on" in result.output) == (0, True)
    assert marked.found_anywhere() == []


def test_an_address_without_a_card_is_erased_too(run: Any):
    mailing.receive(mailing.mail("Меня нет", "Отпуск", "canary <canary@x.example>", Auto_Submitted="auto-replied"))
    assert db.session.query(Person).count() == 0
    assert run("erase", "canary@x.example", "--yes").exit_code == 0
    assert marked.found_anywhere() == []

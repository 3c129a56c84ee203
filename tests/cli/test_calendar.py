"""`flask calendar`: answers, refusals, batches."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

SPEC: dict[str, Any] = {
    "name": "spb-5x9",
    "time_zone": "Europe/Moscow",
    "production_calendar": "RU",
    "week": {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "days": {"2026-12-31": [], "2025-11-01": [["09:00", "18:00"]]},
}


def run(app: Flask, *words: str, lines: bytes | str | None = None) -> Result:
    return app.test_cli_runner().invoke(args=["calendar", *words], input=lines)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "spb.json"
    path.write_text(json.dumps(SPEC), "utf-8")
    return path


def test_the_shipped_calendars_are_there(app: Flask) -> None:
    listed = run(app, "list")
    assert listed.exit_code == 0
    assert [line.split()[0] for line in listed.stdout.splitlines()] == ["24x7", "ru-5x8-lunch", "ru-5x9"]


def test_due_and_worked_answer_in_one_line(app: Flask) -> None:
    due = run(app, "due", "ru-5x9", "--from", "2026-11-23T16:40+03:00", "--work", "8h30m")
    assert (due.exit_code, due.stdout) == (0, "2026-11-24T13:10:00Z\n")
    worked = run(app, "worked", "ru-5x9", "--from", "2026-11-23T13:40:00Z", "--to", "2026-11-24T13:10:00Z")
    assert (worked.exit_code, worked.stdout) == (0, "30600\n")


def test_an_imported_calendar_replaces_the_one_of_its_name(app: Flask, file: Path) -> None:
    assert run(app, "import", str(file)).stdout == "spb-5x9: imported\n"
    ask = ("due", "spb-5x9", "--from", "2025-11-01T16:00+03:00", "--work", "2h")
    assert run(app, *ask).stdout == "2025-11-01T15:00:00Z\n"
    file.write_text(json.dumps(SPEC | {"days": {}}), "utf-8")
    assert run(app, "import", str(file)).stdout.startswith("spb-5x9: replaced")
    assert run(app, *ask).stdout == "2025-11-05T07:00:00Z\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (json.dumps(SPEC | {"time_zone": "Europe/Petrograd"}), "time_zone: unknown zone"),
        (json.dumps(SPEC | {"week": {}, "days": {}}), "never open"),
        (json.dumps(SPEC | {"week": {"mon": [["18:00", "09:00"]]}}), "week.mon: 18:00-09:00 runs backward"),
        ('{"name": "a", "name": "b"}', "the key 'name' stands twice"),
        ("[", "this is not JSON"),
    ],
)
def test_a_bad_file_is_refused(app: Flask, file: Path, content: str, message: str) -> None:
    file.write_text(content, "utf-8")
    refused = run(app, "import", str(file))
    assert refused.exit_code == 1
    assert refused.stderr.startswith("error: ")
    assert message in refused.stderr
    assert refused.stdout == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("due", "nowhere", "--from", "2026-11-23T13:40:00Z", "--work", "1h"), "no calendar 'nowhere'"),
        (("due", "ru-5x9", "--from", "2026-11-23T13:40:00", "--work", "1h"), "no offset"),
        (("due", "ru-5x9", "--from", "2026-11-23T13:40:00Z", "--work", "-1h"), "not a duration"),
        (("due", "ru-5x9", "--from", "2026-11-23T13:40:00Z"), "work is missing"),
        (("worked", "ru-5x9", "--from", "yesterday", "--to", "2026-11-23T13:40:00Z"), "not a moment"),
        (("import", "/nowhere.json"), "/nowhere.json: No such file"),
    ],
)
def test_what_cannot_be_answered_is_refused(app: Flask, words: tuple[str, ...], message: str) -> None:
    refused = run(app, *words)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("error: ")
    assert message in refused.stderr


def test_a_batch_goes_on_after_a_bad_line(app: Flask) -> None:
    good = '{"from": "2026-11-23T16:40+03:00", "work": "8h"}'
    bad = [
        "[]",
        "{",
        '{"from": "2026-11-23T16:40+03:00"}',
        good.replace('"8h"', "8"),
        good.replace("}", ', "to": "x"}'),
    ]
    answered = run(app, "due", "ru-5x9", "--batch", lines="\n".join([good, *bad, "", good]) + "\n")
    lines = answered.stdout.splitlines()
    assert lines[0] == lines[-1] == "2026-11-24T12:40:00Z"
    assert len(lines) == 8
    assert all(line.startswith("error: ") for line in lines[1:-1])
    assert answered.exit_code == 1


def test_a_batch_of_good_lines_ends_well(app: Flask) -> None:
    line = '{"from": "2026-11-23T13:40:00Z", "to": "2026-11-24T13:10:00Z"}\r\n'
    answered = run(app, "worked", "ru-5x9", "--batch", lines=line * 3)
    assert (answered.exit_code, answered.stdout) == (0, "30600\n" * 3)


def test_letters_that_are_not_utf_8_spoil_one_line_only(app: Flask) -> None:
    answered = run(
        app, "due", "24x7", "--batch", lines=b'{"from": "\xff"}\n{"from": "2026-11-23T13:40:00Z", "work": "3d"}'
    )
    assert answered.stdout == "error: this is not UTF-8\n2026-11-26T13:40:00Z\n"

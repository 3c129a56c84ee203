"""The docs are true: every setting, command and kind of event stands in them, and what they name exists."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from flask import Flask

from app.config import SETTINGS
from app.models import Cause, EventKind

ROOT = Path(__file__).resolve().parent.parent
DOCS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LIBRARY_COMMANDS = {"limiter", "routes", "run", "shell"}
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("setting", [setting.name.upper() for setting in SETTINGS])
def test_every_setting_is_described(setting: str) -> None:
    assert f"`{setting}`" in text("docs/configuration.md")


def test_no_other_setting_is_described() -> None:
    named = set(re.findall(r"`([A-Z][A-Z_]+[A-Z])`", text("docs/configuration.md")))
    assert named - {setting.name.upper() for setting in SETTINGS} - {"IDLE", "RU", "DMARC"} == set()


def test_every_command_is_described(app: Flask) -> None:
    words = text("docs/operations.md") + text("docs/calendars.md") + text("docs/imports.md")
    for name, command in app.cli.commands.items():
        if name in LIBRARY_COMMANDS:
            continue
        assert f"flask {name}" in words, f"flask {name} stands in no doc"
        if isinstance(command, click.Group) and name != "db":
            for part in command.commands:
                assert re.search(rf"flask {name} ([a-z|\\]+\|)?{part}\b", words), (
                    f"flask {name} {part} stands in no doc"
                )


@pytest.mark.parametrize("kind", list(EventKind))
def test_every_kind_of_event_is_described(kind: EventKind) -> None:
    assert f"`{kind.value}`" in text("docs/architecture.md")
    assert re.search(rf"\b{kind.value}\b", text("docs/api.md"))


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_of_escalation_is_described(cause: Cause) -> None:
    assert f"`{cause.value}`" in text("docs/operations.md")


def test_the_readme_is_short_and_names_what_exists() -> None:
    readme = text("README.md")
    assert len(readme.splitlines()) < 100
    for command in set(re.findall(r"bin/[a-z-]+", readme)):
        assert (ROOT / command).is_file(), command
    picture = ROOT / "docs" / "queue.png"
    assert "docs/queue.png" in readme
    assert picture.stat().st_size < 300_000


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_docs_name_exist(path: Path) -> None:
    for named in re.findall(
        r"`((?:app|tests|workers|supervisor|benches|docs)/[\w/.-]+\.\w+)`", path.read_text("utf-8")
    ):
        assert (ROOT / named).exists(), f"{path.name} names {named}"


def test_every_decision_is_in_the_index_and_short() -> None:
    index = text("docs/decisions/README.md")
    for decision in (ROOT / "docs" / "decisions").glob("0*.md"):
        assert decision.name in index, f"{decision.name} is missing in docs/decisions/README.md"
        assert len(decision.read_text(encoding="utf-8").splitlines()) <= 40

"""The plan of the house holds: imports point down only, one door to the commit, nothing too long, no empty names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the ground up. A module may import its own row and the rows below; edges (the top row) only the rows below.
LAYERS = (
    """
    columns errors durations clock environment config extensions database failpoint locks logs migrations moments names
    phones rows translate
    """,
    """
    actor address_lists bell bot_api calendar_specs calendars closing_moment file_names files heartbeats models
    numbers production_calendars troubles virus_scan
    """,
    """
    accounts answer_templates bouncing calendar_use calendar_versions call_drafts chats client_history contact_codes
    duty health joined mail_templates mailed_codes outbox pairing policy presence presses promises read_marks
    reply_drafts rights search_marks sessions signing standalone terms thresholds wording wording_en wordings
    """,
    """
    alarms calendar_watch complaints desk_watch duty_watch escalations leftovers letter_html paging passing
    retention silence_watch store_watch tickets
    """,
    """
    bulk calendar_edits client_archive clients contracts demo doctor imports incidents intake
    merging notify person_data reading reports search
    """,
    "api cli web workers wsgi gunicorn",
)
LAYER = {name: height for height, names in enumerate(LAYERS) for name in names.split()}
EDGES = LAYER["web"]

COMMITTERS = {"app/outbox.py"}
EMPTY_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "managers",
    "manager",
    "services",
    "service",
    "base",
    "misc",
    "common",
}
LONGEST = {".py": 250, ".css": 200, ".html": 120, ".txt": 120, ".js": 120}
LONGEST_FUNCTION = 40


def _own(*patterns: str) -> Iterator[Path]:
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            if not {"vendor", "versions", "__pycache__", ".venv"} & set(path.relative_to(ROOT).parts):
                yield path


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _part(path: Path) -> str:
    """The row's word for a file: its module right under app, or its top-level package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return (parts[1] if parts[0] == "app" else parts[0]).partition(".")[0]


def _imports(path: Path) -> Iterator[str]:
    """Parts of the house that a file imports."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            top, _, rest = name.partition(".")
            if top in {"workers", "wsgi"}:
                yield top
            elif top == "app":
                yield rest.partition(".")[0]


FACTORIES = {node.name for node in _tree(ROOT / "app" / "__init__.py").body if isinstance(node, ast.FunctionDef)}
HOUSE = [
    path
    for path in _own("app/**/*.py", "workers/*.py", "wsgi.py", "gunicorn.conf.py")
    if _name(path) != "app/__init__.py"
]


@pytest.mark.parametrize("path", HOUSE, ids=_name)
def test_imports_point_down(path: Path) -> None:
    part = _part(path)
    assert part in LAYER, f"{_name(path)}: give {part!r} its row in LAYERS"
    for imported in set(_imports(path)) - {part, *FACTORIES}:
        assert imported in LAYER, f"{_name(path)} imports app.{imported}: give it its row in LAYERS"
        assert LAYER[imported] <= LAYER[part], f"{_name(path)} imports {imported}, which stands above it"
        is_sideways = LAYER[imported] == EDGES and {part, imported} & {"web", "api", "cli"}
        assert not is_sideways, f"{_name(path)} imports {imported}: edges do not know each other"


def test_modules_do_not_import_in_circles() -> None:
    graph: dict[str, set[str]] = {}
    for path in HOUSE:
        graph.setdefault(_part(path), set()).update(set(_imports(path)) & set(LAYER) - {_part(path)})
    done: set[str] = set()

    def walk(part: str, trail: tuple[str, ...]) -> None:
        assert part not in trail, "a circle of imports: " + " → ".join([*trail[trail.index(part) :], part])
        if part not in done:
            for imported in sorted(graph.get(part, ())):
                walk(imported, (*trail, part))
            done.add(part)

    for part in sorted(graph):
        walk(part, ())


def test_only_the_outbox_commits() -> None:
    committers = {
        _name(path)
        for path in HOUSE
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "commit" and "session" in ast.unparse(node.value)
    }
    assert committers <= COMMITTERS


def test_only_rows_know_what_an_id_can_be() -> None:
    knowing = {
        _name(path)
        for path in HOUSE
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.BinOp) and ast.unparse(node) in {"1 << 31", "2 ** 31"}
    }
    assert knowing == {"app/rows.py"}


@pytest.mark.parametrize(
    "path",
    list(
        _own(
            *("app/**/*.py", "workers/*.py", "supervisor/*.py", "tests/**/*.py", "benches/**/*.py", "*.py"),
            *("app/templates/**/*.html", "app/templates/**/*.txt", "app/static/**/*.css", "app/static/**/*.js"),
        )
    ),
    ids=_name,
)
def test_files_and_functions_are_short(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST[path.suffix], f"{_name(path)} has {lines} lines: which noun or verb is missing?"
    if path.suffix == ".py":
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                assert length <= LONGEST_FUNCTION, f"{_name(path)}: {node.name}() has {length} lines"


def test_every_file_is_named_for_its_subject() -> None:
    empty = [_name(path) for path in _own("**/*.py") if EMPTY_NAMES & set(path.relative_to(ROOT).with_suffix("").parts)]
    assert not empty


def test_every_module_says_what_it_owns() -> None:
    silent = [_name(path) for path in [*HOUSE, *_own("supervisor/*.py")] if not ast.get_docstring(_tree(path))]
    assert not silent


def test_the_supervisor_needs_nothing_installed_but_the_reader_of_settings() -> None:
    allowed = {"supervisor", "dotenv"}
    for path in _own("supervisor/*.py"):
        for node in ast.walk(_tree(path)):
            modules = (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else []
            )
            for module in modules:
                top = module.partition(".")[0]
                assert top in allowed or top in _standard_library(), f"{_name(path)} imports {module}"


def test_nothing_is_left_for_later() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    left = [
        _name(path)
        for path in _own("app/**/*.py", "workers/*.py", "supervisor/*.py", "app/templates/**/*", "app/static/**/*.js")
        if path.is_file() and marks.search(path.read_text(encoding="utf-8"))
    ]
    assert not left


def _standard_library() -> frozenset[str]:
    import sys

    return sys.stdlib_module_names

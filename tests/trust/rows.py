"""Which test proves which row of docs/trust.md; `python -m tests.trust.rows` writes what it finds into the table."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TABLE = ROOT / "docs" / "trust.md"
LINE = re.compile(r"^\| (?P<row>[A-Z][a-z]*[0-9]*) \| (?P<words>[^|]*) \| (?P<tests>[^|]*) \|$", re.MULTILINE)
NOT_PROVEN = "not proven yet"


def marked() -> dict[str, list[str]]:
    """Tests by the row that they are marked with, `path::name`."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        whole = [row for node in tree.body if _is_pytestmark(node) for row in _rows(node)]
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                own = [row for decorator in node.decorator_list for row in _rows(decorator)]
                for row in dict.fromkeys([*whole, *own]):
                    found[row].append(f"{path.relative_to(ROOT / 'tests')}::{node.name}")
    return dict(found)


def claimed() -> dict[str, list[str]]:
    """Tests by row, as the table says."""
    return {
        line["row"]: re.findall(r"`([^`]+)`", line["tests"])
        for line in LINE.finditer(TABLE.read_text(encoding="utf-8"))
    }


def main() -> None:
    """Fill in the column of tests; rows and their words are written by hand."""
    tests = marked()

    def filled(line: re.Match[str]) -> str:
        names = "<br>".join(f"`{name}`" for name in tests.get(line["row"], []))
        return f"| {line['row']} | {line['words']} | {names or NOT_PROVEN} |"

    TABLE.write_text(LINE.sub(filled, TABLE.read_text(encoding="utf-8")), encoding="utf-8")


def _is_pytestmark(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets
    )


def _rows(node: ast.AST) -> Iterator[str]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "trust":
            for argument in call.args:
                if isinstance(argument, ast.Constant):
                    yield str(argument.value)


if __name__ == "__main__":
    main()

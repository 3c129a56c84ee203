"""Whatever the program says can be said in English: a sentence is whole, and stands in the catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from tests.test_architecture import HOUSE, ROOT

# Russian by design.
RUSSIAN = (
    *("app/wording.py", "app/promises/sentence.py"),  # each has its English twin
    *("app/intake/mime/", "app/intake/quotes/", "app/intake/subjects.py", "app/search/"),  # what others write
    "app/demo/",  # a Russian firm
    *("app/reports/", "app/reading/report_", "app/web/report_"),  # pages that are Russian as a whole
)
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_SENTENCE = re.compile("[«А-ЯЁ].*[.?!]", re.DOTALL)
SPOKEN = [path for path in HOUSE if not str(path.relative_to(ROOT)).startswith(RUSSIAN)]


def test_no_sentence_is_pieced_together() -> None:
    """A catalogue has whole ones, with their values named: ``_("Заявки %(number)s нет.", number=number)``."""
    pieced = [f"{path.relative_to(ROOT)}:{node.lineno}" for path in SPOKEN for node in _nodes(path) if _is_pieced(node)]
    assert not pieced


def test_every_sentence_is_translated() -> None:
    with (ROOT / "app/translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        known = {message.id for message in read_po(file) if message.string}
    unknown = {text for path in SPOKEN for text in _sentences(path) if text not in known}
    assert not unknown


def _nodes(path: Path) -> Iterator[ast.expr]:
    """What the code computes; docstrings are nobody's to read on a page."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return (node for node in ast.walk(tree) if isinstance(node, ast.expr) and node not in docstrings)


def _is_pieced(node: ast.expr) -> bool:
    match node:
        case ast.JoinedStr(values=values):
            return any(map(_is_russian, values))
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod(), right=right):
            return _is_russian(left) or _is_russian(right)
        case ast.Call(func=ast.Attribute(value=value, attr="format")):
            return _is_russian(value)
    return False


def _is_russian(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(_CYRILLIC.search(node.value))


def _sentences(path: Path) -> Iterator[str]:
    """What stands in the code with a capital and a full stop."""
    for node in _nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _SENTENCE.fullmatch(node.value):
            yield node.value

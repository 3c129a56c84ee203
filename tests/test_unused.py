"""What nobody calls is taken out: style classes, icons, macros, functions, fields."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from tests.test_architecture import HOUSE, ROOT

_STATIC, _TEMPLATES = ROOT / "app" / "static", ROOT / "app" / "templates"
_CALLERS = [
    *(*HOUSE, ROOT / "app" / "__init__.py", *ROOT.glob("supervisor/*.py"), *ROOT.glob("benches/**/*.py")),
    *(ROOT / "bin" / name for name in ("run", "test", "check", "bench")),
]
_NAME = re.compile(r"[A-Za-z_]\w*")
_CLASS = re.compile(r"\.([A-Za-z][\w-]*)")
_SAID = re.compile(r"""_\(\s*(['"])((?:\\.|(?!\1).)*)\1""")
_DOTTED = re.compile(r"\{?([\w]+[.:])*(\w+)\}?")  # "{name}" is a setting that another defaults to


def test_every_style_class_is_put_on_something() -> None:
    """Word for word, or as ``stem-{{ word }}`` where the word stands somewhere too."""
    said = "\n".join(_text(path) for path in [*_pages(), *_STATIC.glob("**/*.js"), *HOUSE])
    tokens = set(re.findall(r"[A-Za-z][\w-]*", said))
    words = {token.lower() for token in tokens}
    stems = set(re.findall(r"([A-Za-z][\w-]*(?:-|__))(?=[{\"'`])", said))

    def is_put(name: str) -> bool:
        built = (name.removeprefix(stem) for stem in stems if name.startswith(stem))
        return name in tokens or any(word in words for word in built)

    idle = {f"{sheet.name} .{name}" for sheet in _STATIC.glob("css/*.css") for name in _classes(sheet)
            if not is_put(name)}  # fmt: skip
    assert not idle


def test_every_icon_is_drawn() -> None:
    words = set(re.findall(r"[a-z][a-z-]*", "\n".join(map(_text, [*_pages(), *_STATIC.glob("js/*.js"), *HOUSE]))))
    idle = set(re.findall(r'<symbol id="([\w-]+)"', _text(_STATIC / "icons.svg"))) - words
    assert not idle


def test_every_macro_is_called() -> None:
    pages = "\n".join(map(_text, _pages()))
    macros = set(re.findall(r"{%-?\s*macro\s+(\w+)", pages))
    idle = {name for name in macros if len(re.findall(rf"\b{name}\b", pages)) == 1}
    assert not idle


def test_every_function_and_class_is_used() -> None:
    """By the house itself, not by its tests. What a decorator hands over is used by whoever gets it."""
    own = [path for path in _CALLERS if path.name != "gunicorn.conf.py"]  # whose hooks gunicorn calls by their names
    idle = {f"{path.relative_to(ROOT)} {name}" for path in own for name in _offered(path) if name not in _used()}
    assert not idle


def test_every_translation_is_of_something_said() -> None:
    """In a page, or in a sentence of the program's that the edge translates."""
    trees = (ast.parse(_text(path)) for path in _CALLERS)
    said = {
        *(node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)),
        *(re.sub(r"\\(['\"])", r"\1", words) for page in _pages() for _quote, words in _SAID.findall(_text(page))),
    }
    with (ROOT / "app/translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        idle = {message.id for message in read_po(file) if message.id} - said
    assert not idle


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _pages() -> list[Path]:
    return [path for path in sorted(_TEMPLATES.glob("**/*")) if path.suffix in {".html", ".txt"}]


def _classes(sheet: Path) -> set[str]:
    selectors = re.sub(r"\{[^{}]*\}", "{}", re.sub(r"/\*.*?\*/", "", _text(sheet), flags=re.DOTALL))
    return set(_CLASS.findall(selectors))


def _offered(path: Path) -> Iterator[str]:
    """Functions and classes of a module, and what its public classes that inherit from nothing offer and keep."""
    for node in ast.parse(_text(path)).body:
        if isinstance(node, ast.ClassDef):
            yield node.name
            if not node.bases and not node.name.startswith("_"):
                yield from _members(node)
        elif isinstance(node, ast.FunctionDef) and not node.decorator_list:
            yield node.name


def _members(node: ast.ClassDef) -> Iterator[str]:
    for one in node.body:
        if isinstance(one, ast.FunctionDef) and not one.name.startswith("__"):
            yield one.name
        elif isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            yield one.target.id


@cache
def _used() -> frozenset[str]:
    pages = (expression for path in _pages() for expression in re.findall(r"{[{%].*?[%}]}", _text(path), re.DOTALL))
    return frozenset({
        *(name for path in _CALLERS for node in ast.walk(ast.parse(_text(path))) for name in _read(node, path)),
        *(name for expression in pages for name in _NAME.findall(expression)),
    })  # fmt: skip


def _read(node: ast.AST, path: Path) -> Iterator[str]:
    """Names that are read, imported under another name, or said as ``package.module.name``."""
    match node:
        case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name, ctx=ast.Load()):
            yield name
        case ast.alias(name=name, asname=str()):
            yield name.rpartition(".")[2]
        case ast.Constant(value=str() as said) if path.name != "__init__.py" and (found := _DOTTED.fullmatch(said)):
            yield found[2]

"""Hostile HTML, one letter a line of hostile.txt."""

from __future__ import annotations

from pathlib import Path

FOREIGN = "evil.example"
_SPELLED = {"<TAB>": "\t", "<LF>": "\n", "<NUL>": "\0", "{e}": FOREIGN}


def letters(canary: str = "http://canary.example") -> list[str]:
    """The whole corpus; ``canary``: the address of a listener that must stay silent."""
    lines = (Path(__file__).parent / "hostile.txt").read_text(encoding="utf-8").splitlines()
    return [_spelled(line, canary) for line in lines if line and not line.startswith("#")]


def _spelled(line: str, canary: str) -> str:
    for sign, meant in {**_SPELLED, "{c}": canary}.items():
        line = line.replace(sign, meant)
    return line

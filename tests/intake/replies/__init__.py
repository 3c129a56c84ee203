"""Samples of how customers' mail programs reply: read, made into letters, measured.

A file holds samples, each under a line `=== program: what is special`. Its parts: `@own` words of the customer (and
quotes that must stay with them), `@quote` what must be folded, `@any` what may be either (signatures below a quote).
`{asked}` puts in a letter of ours, with the line's own prefix; `{asked 72}` wraps it, `{asked.html}` is its HTML.
"""

from __future__ import annotations

import html
import re
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from app.intake.mime.parse import parse
from app.intake.quotes import Desk, cut

HERE = Path(__file__).parent
SAMPLES, HELD_OUT = HERE / "samples", HERE / "held_out"
DESK = Desk("info@stekspb.ru", "СТЕК HelpDesk", "704173")
_OURS = re.compile(r"(.*)\{(\w+)(?: (\d+))?(\.html)?\}(.*)")


@dataclass(frozen=True)
class Sample:
    """One reply. `parts`: what each piece is, and its text."""

    name: str
    is_html: bool
    parts: list[tuple[str, str]]

    def letter(self) -> bytes:
        """The reply as its program would send it."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "carol@romashka.ru", "info@stekspb.ru", "Re: заявка"
        body = "\n".join(text for _kind, text in self.parts)
        message.set_content(body, subtype="html" if self.is_html else "plain", cte="base64")
        return message.as_bytes()

    def words(self, *kinds: str) -> Counter[str]:
        """How often each word stands in the parts of these kinds."""
        text = "\n".join(text for kind, text in self.parts if kind in kinds)
        return words(html.unescape(re.sub(r"<[a-zA-Z/][^>]*>", " ", text)) if self.is_html else text)

    @property
    def has_quote(self) -> bool:
        return any(kind == "quote" for kind, _text in self.parts)


@dataclass(frozen=True)
class Result:
    """What the cut made of a sample: words of the customer that are folded, words of quotes that are shown."""

    sample: Sample
    shown: str
    lost: Counter[str]
    left: Counter[str]

    @property
    def is_right(self) -> bool:
        return not self.lost and not self.left


def crossed(samples: list[Sample], texts: list[str]) -> Iterator[Sample]:
    """Each text as the answer in each form of a reply that has its quote below: words the samples' author never saw."""
    for sample in samples:
        if not sample.has_quote or [kind for kind, _text in sample.parts].count("own") > 1:
            continue
        for text in texts:
            own = f"<div>{html.escape(text)}</div>" if sample.is_html else text
            yield Sample(f"{sample.name}: {text[:30]}", sample.is_html, [("own", own), *sample.parts[1:]])


def measure(sample: Sample) -> Result:
    """Send the sample through the parser and the cut."""
    text = parse(sample.letter()).text
    shown, folded = cut(text, DESK)
    assert words(shown + "\n" + folded) == words(text), f"{sample.name}: words went missing altogether"
    found = words(shown)
    return Result(sample, shown, sample.words("own") - found, found - sample.words("own", "any"))


def words(text: str) -> Counter[str]:
    """Words and figures, without marks, links and case."""
    return Counter(re.findall(r"\w+", re.sub(r"<?\b(?:https?://|mailto:)\S+", " ", text.casefold())))


def read(folder: Path) -> list[Sample]:
    """All samples of a folder."""
    return [sample for file in sorted(folder.glob("*.txt")) for sample in _samples(file)]


def _samples(file: Path) -> list[Sample]:
    found = []
    for block in file.read_text("utf-8").split("=== ")[1:]:
        name, _, rest = block.partition("\n")
        pieces = re.split(r"^@(own|quote|any)\n", rest, flags=re.MULTILINE)
        parts = [(kind, _filled(text)) for kind, text in zip(pieces[1::2], pieces[2::2], strict=True)]
        found.append(Sample(f"{file.stem}: {name}", "html" in file.stem, parts))
    return found


def _filled(text: str) -> str:
    lines: list[str] = []
    for line in text.removesuffix("\n").split("\n"):
        found = _OURS.fullmatch(line)
        if not found:
            lines.append(line)
            continue
        before, name, width, markup, after = found.groups()
        ours = _ours(f"{name}{markup or '.txt'}")
        if markup:
            lines.append(before + ours + after)
            continue
        for one in ours.split("\n"):
            wrapped = textwrap.wrap(one, int(width), break_long_words=False) if width else [one]
            lines += [(before + piece).rstrip() if before.strip() else piece for piece in wrapped or [""]]
    return "\n".join(lines)


@cache
def _ours(name: str) -> str:
    return (HERE / "ours" / name).read_text("utf-8").strip("\n")

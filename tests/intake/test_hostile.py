"""The hostile letters, each through the child: what is read is right, what is refused is refused for good."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict

import pytest

from app.intake.mime import child
from app.intake.mime.letter import ParsedLetter, Unreadable
from tests.intake.clean import texts_of
from tests.intake.hostile import LETTERS
from tests.intake.hostile.letter import Hostile


@pytest.fixture(scope="module", autouse=True)
def no_child_stays() -> Iterator[None]:
    yield
    child.stop()


@pytest.mark.trust("M13")
@pytest.mark.parametrize("hostile", LETTERS, ids=[hostile.name for hostile in LETTERS])
def test_what_must_come_out_comes_out(hostile: Hostile) -> None:
    began = time.monotonic()
    if hostile.refused:
        with pytest.raises(Unreadable, match=hostile.refused) as caught:
            child.parse(hostile.raw)
        assert caught.value.is_final
        child.glance(hostile.raw)
    else:
        _check(hostile, child.parse(hostile.raw))
    assert time.monotonic() - began < child.SECONDS


def test_there_are_sixty_of_them_and_more() -> None:
    assert len(LETTERS) == len({hostile.name for hostile in LETTERS}) >= 60


def _check(hostile: Hostile, parsed: ParsedLetter) -> None:
    for text in texts_of(asdict(parsed)):
        text.encode("utf-8")
        assert not set(text) & {"\0", "\r"}
    assert parsed.marks == hostile.marks
    for name in ("text", "subject"):
        wanted = getattr(hostile, name)
        assert wanted is None or getattr(parsed, name) == wanted
    assert hostile.says in parsed.text
    if hostile.sender is not None:
        assert (parsed.from_email, parsed.from_name) == hostile.sender
    if hostile.files is not None:
        assert {file.name: file.content for file in parsed.files} == hostile.files
    if hostile.file_names is not None:
        assert [file.name for file in parsed.files] == hostile.file_names

"""Letters put together at random: each is read or refused by name, and what is read is clean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.intake.mime.letter import Unreadable
from app.intake.mime.parse import glance, parse

PIECES = [
    b"\r\n",
    b"\n",
    b"\r",
    b" ",
    b"--x",
    b"--x--",
    b":",
    b";",
    b"=",
    b'"',
    b"(",
    b"<",
    b">",
    b"@",
    b"%",
    b"\0",
    b"\xff",
    b"From: ",
    b"Subject: ",
    b"Message-ID: ",
    b"References: ",
    b"Content-ID: ",
    b"Content-Type: ",
    b"text/plain",
    b"text/html",
    b"multipart/mixed; boundary=x\r\n\r\n--x\r\n",
    b"multipart/alternative",
    b"message/rfc822\r\n\r\n",
    b"message/partial",
    b"message/delivery-status",
    b"; charset=",
    b"utf-7",
    b"utf-16",
    b"koi8-r",
    b"idna",
    b"unicode_escape",
    b"hz",
    b"base64",
    b"Content-Transfer-Encoding: ",
    b"quoted-printable",
    b"x-uuencode",
    b"begin 644 a\r\n",
    b"Content-Disposition: attachment",
    b"; filename*0*=utf-8''%",
    b"; filename=",
    b"=?utf-8?b?",
    b"?=",
    b"=?x?q?=00=0D",
    b"+AAA-",
    b"&#0;",
    b"&#xD800;",
    b"<blockquote>",
    b"<!--",
    b"<style>",
    "касса".encode(),
    "касса".encode("cp1251"),
    b"carol@romashka.ru",
]


@settings(max_examples=300, deadline=2000)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=6)), max_size=60))
def test_whatever_comes_is_read_or_refused(pieces: list[bytes]) -> None:
    raw = b"".join(pieces)
    try:
        letter = parse(raw)
    except Unreadable:
        letter = glance(raw)
    for text in _texts(asdict(letter)):
        text.encode("utf-8")
        assert not set(text) & {"\0", "\r"}
    assert len(letter.message_id) <= 250
    assert 0 < len(letter.subject) <= 250
    assert all(0 < len(file.name) <= 150 and "/" not in file.name for file in letter.files)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)

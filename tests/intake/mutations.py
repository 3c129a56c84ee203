"""Letters by chance: samples that are cut, doubled, spliced and sprinkled; the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from tests.intake import test_bodies, test_files_of_letters, test_wrapped
from tests.intake import wrapping as w
from tests.intake.hostile import LETTERS

_LONGEST = 60_000  # bytes of a sample; the long ones have tests of their own
PIECES = [
    *(b"\r\n", b"\n", b"\r", b" ", b"--x", b"--x--", b":", b";", b"=", b'"', b"(", b"<", b">", b"@", b"%", b"\0"),
    *(b"From: ", b"Subject: ", b"Message-ID: ", b"References: ", b"In-Reply-To: <1@x>", b"Content-ID: ", b"Date: "),
    *(b"Content-Type: ", b"text/plain", b"text/html", b"multipart/mixed; boundary=x\r\n\r\n--x\r\n", b"text/calendar"),
    *(b"multipart/alternative", b"multipart/signed", b"multipart/encrypted", b"multipart/report", b"message/partial"),
    *(b"message/rfc822\r\n\r\n", b"message/delivery-status", b"application/ms-tnef", b"application/pkcs7-mime"),
    *(b"; charset=", b"utf-7", b"utf-16", b"utf-32", b"koi8-r", b"idna", b"unicode_escape", b"hz", b"iso-2022-kr"),
    *(b"\xff", b"base64", b"Content-Transfer-Encoding: ", b"quoted-printable", b"x-uuencode", b"8bit"),
    *(b"begin 644 a\r\n", b"end\r\n", b"#86)C\r\n", b"-----BEGIN PGP MESSAGE-----", b"BEGIN:VEVENT\r\n", b"DTSTART:"),
    *(b"Content-Disposition: attachment", b"; filename*0*=utf-8''%", b"; filename=", b"; name=winmail.dat"),
    *(b"=?utf-8?b?", b"?=", b"=?x?q?=00=0D", b"+AAA-", b"&#0;", b"&#xD800;", b"<blockquote>", b"<!--", b"<style>"),
    *("касса".encode(), "касса".encode("cp1251"), "касса".encode("utf-16"), b"carol@romashka.ru", b"info@stekspb.ru"),
    *(b"Auto-Submitted: auto-replied\r\n", b"Return-Path: <>\r\n", b"List-Id: x\r\n", b"[#482173]"),
    *(b"\x30\x80", b"\x24\x80"),
]  # fmt: skip
SAMPLES = [
    *(hostile.raw for hostile in LETTERS if len(hostile.raw) < _LONGEST),
    *(raw for _name, raw, _text in test_bodies.BODIES),
    *(raw for _name, raw, _names in test_files_of_letters.FILES),
    *(raw for _name, raw, _found in test_wrapped.PGP),
    *(path.read_bytes() for path in sorted(Path(__file__).with_name("hostile").glob("*.eml"))),
    w.winmail(
        w.tnef(w.text_property(0x1000, "слова"), files=[w.tnef_file("a.txt", b"1"), w.tnef_letter("b", w.tnef())])
    ),
    w.winmail(w.tnef(w.property_of(0x1009, w.BINARY, w.compressed_rtf(rb"{\rtf1\fromhtml1 \'ca{\*\htmltag <p>}}")))),
]


def letter(seed: int) -> bytes:
    """The letter of that number."""
    chance = random.Random(seed)
    raw = chance.choice(SAMPLES)
    for _ in range(chance.choice((1, 1, 2, 3, 5, 20))):
        raw = chance.choice(_CHANGES)(chance, raw)
    return raw[: 2 * _LONGEST]


def _place(chance: random.Random, raw: bytes) -> int:
    """Headers are short and matter most."""
    return chance.randint(0, min(len(raw), 600) if chance.random() < 0.6 else len(raw))


def _span(chance: random.Random, raw: bytes) -> tuple[int, int]:
    start = _place(chance, raw)
    return start, start + chance.choice((1, 1, 4, 30, 400))


def _flip(chance: random.Random, raw: bytes) -> bytes:
    at = _place(chance, raw)
    return raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :]


def _cut(chance: random.Random, raw: bytes) -> bytes:
    start, end = _span(chance, raw)
    return raw[:start] + raw[end:]


def _double(chance: random.Random, raw: bytes) -> bytes:
    start, end = _span(chance, raw)
    return raw[:start] + raw[start:end] * chance.choice((2, 2, 3, 50)) + raw[end:]


def _move(chance: random.Random, raw: bytes) -> bytes:
    start, end = _span(chance, raw)
    rest = raw[:start] + raw[end:]
    at = _place(chance, rest)
    return rest[:at] + raw[start:end] + rest[at:]


def _sprinkle(chance: random.Random, raw: bytes) -> bytes:
    at = _place(chance, raw)
    return raw[:at] + chance.choice(PIECES) + raw[at:]


def _splice(chance: random.Random, raw: bytes) -> bytes:
    other = chance.choice(SAMPLES)
    return raw[: _place(chance, raw)] + other[_place(chance, other) :]


def _end(chance: random.Random, raw: bytes) -> bytes:
    return raw[: _place(chance, raw)]


_CHANGES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    *(_flip, _flip, _cut, _double, _move, _sprinkle, _sprinkle, _sprinkle, _splice, _end),
)

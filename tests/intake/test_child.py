"""The parser in its child: limits, death and restart, and that nothing of the letter gets lost on the way."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import psutil
import pytest

from app.intake.mime import child
from app.intake.mime.letter import Unreadable
from app.intake.mime.parse import parse

FROM = b"From: carol@romashka.ru\r\n"
IN_MULTIPART = FROM + b"Content-Type: multipart/mixed; boundary=q\r\n\r\n"


def nested(depth: int) -> bytes:
    layers = [
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (layer, layer) for layer in range(depth)
    ]
    return FROM + b"".join(layers)


@pytest.fixture(autouse=True)
def no_child_stays() -> Iterator[None]:
    yield
    child.stop()


def test_the_child_reads_what_the_parser_reads() -> None:
    raw = (
        IN_MULTIPART
        + "--q\r\n\r\nкасса\r\n--q\r\nContent-Type: image/png\r\n"
        "Content-Disposition: attachment; filename=экран.png\r\n\r\n\x89PNG\r\n--q--\r\n".encode()
    )
    assert child.parse(raw) == parse(raw)
    assert child.parse(raw).files[0].content == b"\xc2\x89PNG"


def test_the_child_is_small_and_serves_many_letters() -> None:
    for number in range(50):
        child.parse(FROM + b"Subject: %d\r\n\r\nx" % number)
    process = child._children._process
    assert process
    assert psutil.Process(process.pid).memory_info().rss < 40 << 20


BOMBS = [
    ("depth", nested(31)),
    ("great depth", nested(2000)),
    ("parts", IN_MULTIPART + b"--q\r\n\r\na\r\n" * 400),
    ("a million parts", IN_MULTIPART + b"--q\r\n\r\na\r\n" * 1_000_000),
    ("header", FROM + b"To: " + b"x@y.ru, " * 130_000 + b"\r\n\r\nx"),
    ("header of a part", IN_MULTIPART + b"--q\r\nX: " + b"y" * 70_000 + b"\r\n\r\na\r\n"),
]


@pytest.mark.trust("M13")
@pytest.mark.parametrize("raw", [raw for _name, raw in BOMBS], ids=[name for name, _raw in BOMBS])
def test_a_bomb_is_refused_for_good(raw: bytes) -> None:
    began = time.monotonic()
    with pytest.raises(Unreadable) as caught:
        child.parse(raw)
    assert caught.value.is_final
    assert time.monotonic() - began < child.SECONDS
    assert child.parse(FROM + b"\r\nfine").text == "fine"


HEAVY = [
    ("words without an end", FROM + b"Subject: " + b"=?utf-8?q?" * 6000 + b"\r\n\r\nx"),
    ("many words", FROM + b"Subject: " + b"=?utf-8?q?=D0=9F?= " * 3000 + b"\r\n\r\nx"),
    ("brackets", b"From: " + b"(" * 60_000 + b"\r\n\r\nx"),
    ("parameters", FROM + b'Content-Type: text/plain; x="' + b'";' * 30_000 + b"\r\n\r\nx"),
    ("a long line", FROM + b"\r\n" + b"a" * 20_000_000),
    ("open tags", FROM + b"Content-Type: text/html\r\n\r\n" + b"<a " * 330_000),
    ("open styles", FROM + b"Content-Type: text/html\r\n\r\n" + b"<style><" * 120_000),
    ("ampersands", FROM + b"Content-Type: text/html\r\n\r\n" + b"&" * 1_000_000),
    ("comments", FROM + b"Content-Type: text/html\r\n\r\n" + b"<!--" * 250_000),
    ("deep quotes", FROM + b"Content-Type: text/html\r\n\r\n" + b"<blockquote>x" * 70_000),
    ("containers", FROM + b"Content-Type: text/html\r\n\r\n" + b"<div class=yahoo_quoted>x" * 40_000),
    (
        "divs shut too often",
        FROM + b"Content-Type: text/html\r\n\r\n" + b"<div id=mail-app-auto-quote>x</div></div>" * 25_000,
    ),
    ("outlook's breaks", FROM + b"Content-Type: text/html\r\n\r\n" + b"<div id=appendonsend>x" * 45_000),
    ("names of classes", FROM + b"Content-Type: text/html\r\n\r\n<div " + b"class=quo " * 100_000 + b">"),
    (
        "attributions",
        FROM + b"Content-Type: text/html\r\n\r\n" + b"<p class=gmail_attr>a:<blockquote class=cite>" * 22_000,
    ),
]


@pytest.mark.trust("M14")
@pytest.mark.parametrize("raw", [raw for _name, raw in HEAVY], ids=[name for name, _raw in HEAVY])
def test_heavy_letters_are_read_in_a_moment(raw: bytes) -> None:
    began = time.monotonic()
    child.parse(raw)
    assert time.monotonic() - began < 5


def test_a_dead_child_is_replaced() -> None:
    child.parse(FROM + b"\r\nx")
    process = child._children._process
    assert process
    process.kill()
    process.wait()
    assert child.parse(FROM + b"\r\nfine").text == "fine"


@pytest.mark.trust("R12")
def test_a_hanging_child_is_killed_and_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "SECONDS", 1)
    monkeypatch.setattr(child, "_START", "import signal, time, sys; signal.alarm(int(sys.argv[4])); time.sleep(60)")
    began = time.monotonic()
    with pytest.raises(Unreadable, match="слишком много времени"):
        child.parse(FROM + b"\r\nx")
    assert time.monotonic() - began < 10
    monkeypatch.undo()
    assert child.parse(FROM + b"\r\nfine").text == "fine"


def test_too_little_memory_is_a_reason_not_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "MEMORY", 60 << 20)
    with pytest.raises(Unreadable):
        child.parse(FROM + b"\r\n" + b"a\r\n" * 12_000_000)


def test_a_fork_gets_a_child_of_its_own() -> None:
    child.parse(FROM + b"\r\nx")
    process = child._children._process
    assert process
    forked = os.fork()
    if not forked:
        ok = child.parse(FROM + b"\r\nfine").text == "fine" and child._children._process is not process
        os._exit(0 if ok else 1)
    assert os.waitpid(forked, 0)[1] == 0
    assert process.poll() is None
    assert child.parse(FROM + b"\r\nstill").text == "still"

"""A table of headers: what was sent as bytes, and what we read."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from app.intake.mime.charset import decode
from app.intake.mime.cyrillic import CODE_PAGES
from app.intake.mime.headers import plain_subject
from app.intake.mime.letter import ParsedLetter
from app.intake.mime.parse import glance, parse
from tests.intake.samples import letter, subject, word

SUBJECTS: list[tuple[str, bytes, str]] = [
    ("plain", b"Kassa", "Kassa"),
    ("encoded utf-8", word("Не печатает чек"), "Не печатает чек"),
    ("encoded koi8-r", word("Не печатает чек", "koi8-r"), "Не печатает чек"),
    ("encoded windows-1251 quoted", word("Касса стоит", "windows-1251", "q"), "Касса стоит"),
    ("a name of our own for the charset", word("Касса", "cp1251").replace(b"cp1251", b"x-cp1251"), "Касса"),
    ("language suffix", word("Касса").replace(b"utf-8", b"utf-8*ru"), "Касса"),
    ("adjacent words", word("Кас") + b"\r\n " + word("са стоит"), "Касса стоит"),
    ("words around text", b"Re: " + word("касса") + b" 5", "Re: касса 5"),
    ("a letter cut between words", b"=?utf-8?b?0JrQsNGB0Q==?= =?utf-8?b?gdCw?=", "Касса"),
    ("broken base64 stays", b"=?utf-8?b?!!!?= end", "=?utf-8?b?!!!?= end"),
    ("base64 without padding", b"=?utf-8?b?0JrQsNGB0YHQsA?=", "Касса"),
    ("unknown charset", b"=?x-nonsense?q?=CA=E0=F1=F1=E0?=", "Касса"),
    ("spaces inside a word", b"=?utf-8?q?Kassa stoit?=", "Kassa stoit"),
    ("raw utf-8", "Касса стоит".encode(), "Касса стоит"),
    ("raw windows-1251", "Касса стоит".encode("cp1251"), "Касса стоит"),
    ("raw koi8-r", "Не работает принтер".encode("koi8-r"), "Не работает принтер"),
    ("raw cp866", "Не работает принтер".encode("cp866"), "Не работает принтер"),
    ("raw iso-8859-5", "Не работает принтер".encode("iso8859-5"), "Не работает принтер"),
    ("empty", b"", "(без темы)"),
    ("blank", b"   ", "(без темы)"),
    ("an empty word", b"=?utf-8?b??=", "(без темы)"),
    ("folded", b"one\r\n two", "one two"),
    ("line ends inside a word", b"=?utf-8?q?a=0D=0ABcc:_x@y?=", "a Bcc: x@y"),
    ("NUL and separators", b"=?utf-8?q?a=00b=E2=80=A8c=C2=85d?=", "ab c d"),
    ("a surrogate", b"=?utf-8?q?a=ED=A0=80b?=", None),  # type: ignore[list-item]
    ("direction and zero width", word("a\u202eb\u200bc"), "abc"),
    ("decomposed", word("й"), "й"),
    ("longer than 250", b"x" * 400, "x" * 250),
    ("utf-7", b"=?utf-7?q?+BBoEMARBBEEEMA-?=", "Касса"),
    ("gb2312 means gb18030", word("鎔基", "gb18030").replace(b"gb18030", b"gb2312"), "鎔基"),
]


@pytest.mark.trust("M6")
@pytest.mark.parametrize(("raw", "expected"), [case[1:] for case in SUBJECTS], ids=[case[0] for case in SUBJECTS])
def test_a_subject_is_read(raw: bytes, expected: str | None) -> None:
    read = parse(subject(raw)).subject
    assert expected is None or read == expected
    read.encode("utf-8")  # no lone surrogate is left
    assert not set(read) & set("\r\n\0")


SENDERS: list[tuple[str, bytes, str, str]] = [
    ("bare", b"From: carol@romashka.ru", "carol@romashka.ru", ""),
    ("named", b"From: Olga <carol@romashka.ru>", "carol@romashka.ru", "Olga"),
    ("quoted with comma", b'From: "Karpova, Olga" <carol@romashka.ru>', "carol@romashka.ru", "Karpova, Olga"),
    ("comment", b"From: carol@romashka.ru (Olga)", "carol@romashka.ru", "Olga"),
    ("encoded", b"From: " + word("Ольга") + b" <carol@romashka.ru>", "carol@romashka.ru", "Ольга"),
    ("encoded in quotes", b'From: "' + word("Ольга") + b'" <carol@romashka.ru>', "carol@romashka.ru", "Ольга"),
    ("raw cp1251", b"From: " + "Ольга".encode("cp1251") + b" <carol@romashka.ru>", "carol@romashka.ru", "Ольга"),
    ("group", b"From: Undisclosed: carol@romashka.ru;", "carol@romashka.ru", ""),
    ("first valid", b"From: nonsense, <carol@romashka.ru>", "carol@romashka.ru", ""),
    ("upper-case domain", b"From: Carol@ROMASHKA.RU", "Carol@romashka.ru", ""),
    ("sender when From is broken", b"From: <\r\nSender: carol@romashka.ru", "carol@romashka.ru", ""),
    ("return path", b"Return-Path: <carol@romashka.ru>\r\nFrom: Olga", "carol@romashka.ru", ""),
    ("a trick", b"From: a@x>, <b@evil", "", "a@x>, <b@evil"),
    ("many brackets", b"From: " + b"(" * 20000, "", "(" * 200),
    ("cyrillic domain", "From: Иван <info@ромашка.рф>".encode(), "info@xn--80aa3ak6ag.xn--p1ai", "Иван"),
    ("two at signs", b"From: a@b@c.ru", "", "a@b@c.ru"),
    ("none", b"X-Nothing: here", "", ""),
    ("too long", b"From: " + b"a" * 300 + b"@b.ru", "", None),  # type: ignore[list-item]
]


@pytest.mark.trust("M7")
@pytest.mark.parametrize(("raw", "email", "name"), [case[1:] for case in SENDERS], ids=[case[0] for case in SENDERS])
def test_a_sender_is_read(raw: bytes, email: str, name: str | None) -> None:
    read = parse(letter(sender=raw + b"\r\n"))
    assert read.from_email == email or (email.startswith("info@xn--") and read.from_email.startswith("info@xn--"))
    assert name is None or read.from_name == name


IDS: list[tuple[str, bytes, str]] = [
    ("usual", b"<1.a@romashka.ru>", "1.a@romashka.ru"),
    ("exchange", b"<[3fa2]@EX01.local>", "[3fa2]@EX01.local"),
    ("no brackets", b"1.a@romashka.ru", "1.a@romashka.ru"),
    ("folded", b"\r\n <1.a@romashka.ru>", "1.a@romashka.ru"),
    ("two", b"<1@a> <2@b>", "1@a"),
]


@pytest.mark.parametrize(("raw", "message_id"), [case[1:] for case in IDS], ids=[case[0] for case in IDS])
def test_an_id_is_cut_out(raw: bytes, message_id: str) -> None:
    assert parse(letter(b"Message-ID: " + raw + b"\r\n")).message_id == message_id


@pytest.mark.parametrize("header", [b"", b"Message-ID: <>\r\n", b"Message-ID: \r\n"])
def test_without_an_id_the_whole_letter_is_the_id(header: bytes) -> None:
    one, two = parse(letter(header)), parse(letter(header, b"other\r\n"))
    assert one.message_id.endswith("@no-message-id")
    assert one.message_id != two.message_id


def test_references_keep_their_order() -> None:
    read = parse(letter(b"References: <1@a>\r\n <2@b>,<3@c>\r\nIn-Reply-To: <3@c> (x)\r\n"))
    assert (read.references, read.in_reply_to) == (["1@a", "2@b", "3@c"], ["3@c"])


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("Re: Fwd: Касса", "Касса"),
        ("Отв: Касса", "Касса"),
        ("RE[2]: Касса", "Касса"),
        ("Ответ: HA: Касса", "Касса"),
        ("Пересл.: Касса", "Касса"),
        ("Реклама: касса", "Реклама: касса"),
        ("Касса Re: x", "Касса Re: x"),
    ],
)
def test_prefixes_are_stripped_for_comparing_only(given: str, plain: str) -> None:
    read = parse(subject(word(given)))
    assert (read.subject, plain_subject(read.subject)) == (given, plain)


def test_the_body_hash_does_not_mind_relays() -> None:
    body = "Касса стоит\r\n"
    head = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
    plain = letter(head + b"8bit\r\n", body.encode())
    packed = letter(b"Received: by x\r\n" + head + b"base64\r\n", base64.b64encode(body.encode()) + b"\r\n\r\n")
    assert parse(plain).body_hash == parse(packed).body_hash
    assert parse(plain).body_hash != parse(letter(head + b"8bit\r\n", b"other")).body_hash


WORDS = ("Привет", "Не работает принтер", "срочно", "Здравствуйте, не печатает чек", "ОТЧЁТ", "Ошибка 1С", "нет сети")


@pytest.mark.parametrize("page", CODE_PAGES)
@pytest.mark.parametrize("words", WORDS)
def test_a_code_page_is_recognised(words: str, page: str) -> None:
    assert decode(words.encode(page)) == words


def test_a_glance_reads_the_header_alone() -> None:
    raw = letter(b"Subject: big\r\nTo: info@stekspb.ru\r\n", b"x" * 100)
    read = glance(raw)
    assert (read.subject, read.from_email, read.text) == ("big", "carol@romashka.ru", "")


HEADERS: list[tuple[bytes, Any]] = [
    (b"Auto-Submitted: auto-replied", lambda read: read.header("auto-submitted") == "auto-replied"),
    (b"X-HelpDesk-Loop: x", lambda read: read.header("x-helpdesk-loop") == "x"),
    (b"Delivered-To: info@stekspb.ru", lambda read: read.delivered_to == ["info@stekspb.ru"]),
    (b"To: a@b.ru, " + word("Имя") + b" <c@d.ru>", lambda read: [box.name for box in read.to] == ["", "Имя"]),
    (b"To: undisclosed-recipients:;", lambda read: read.to == []),
    (b"Cc: " + b"x@y.ru, " * 5000, lambda read: len(read.cc) == 200),
    (b"Reply-To: z@y.ru", lambda read: read.reply_to[0].email == "z@y.ru"),
]


@pytest.mark.parametrize(("header", "holds"), HEADERS)
def test_other_headers(header: bytes, holds: Any) -> None:
    read: ParsedLetter = parse(letter(header + b"\r\n"))
    assert holds(read)

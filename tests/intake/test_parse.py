"""A table of letters: what was sent as bytes, and what we read."""

from __future__ import annotations

import base64
import quopri
from typing import Any

import pytest

from app.intake.mime.charset import decode
from app.intake.mime.cyrillic import CODE_PAGES
from app.intake.mime.letter import ParsedLetter
from app.intake.mime.parse import glance, parse

FROM = b"From: carol@romashka.ru\r\n"


def letter(headers: bytes = b"", body: bytes = b"hello\r\n", sender: bytes = FROM) -> bytes:
    return sender + headers + b"\r\n" + body


def text_part(body: bytes, headers: bytes = b"Content-Type: text/plain; charset=utf-8\r\n") -> bytes:
    return headers + b"\r\n" + body + b"\r\n"


def multipart(*parts: bytes, kind: bytes = b"mixed", headers: bytes = b"") -> bytes:
    body = b"".join(b"--=_b\r\n" + part for part in parts) + b"--=_b--\r\n"
    return letter(headers + b"Content-Type: multipart/" + kind + b'; boundary="=_b"\r\n', body)


def word(text: str, charset: str = "utf-8", how: str = "b") -> bytes:
    data = text.encode(charset)
    packed = base64.b64encode(data) if how == "b" else quopri.encodestring(data, header=True).replace(b"\n", b"")
    return f"=?{charset}?{how}?".encode() + packed + b"?="


def subject(value: bytes) -> bytes:
    return letter(b"Subject: " + value + b"\r\n")


def attachment(name: bytes, body: bytes = b"x", kind: bytes = b"application/octet-stream") -> bytes:
    return multipart(
        text_part(b"see file"),
        b"Content-Type: " + kind + b"\r\nContent-Disposition: attachment; " + name + b"\r\n\r\n" + body + b"\r\n",
    )


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


@pytest.mark.parametrize(("raw", "email", "name"), [case[1:] for case in SENDERS], ids=[case[0] for case in SENDERS])
def test_a_sender_is_read(raw: bytes, email: str, name: str | None) -> None:
    read = parse(letter(sender=raw + b"\r\n"))
    assert read.from_email == email or (email.startswith("info@xn--") and read.from_email.startswith("info@xn--"))
    assert name is None or read.from_name == name


BODIES: list[tuple[str, bytes, str]] = [
    ("ascii", letter(), "hello"),
    ("utf-8 8bit", letter(b"Content-Type: text/plain; charset=utf-8\r\n", "Касса\r\n".encode()), "Касса"),
    ("windows-1251", letter(b"Content-Type: text/plain; charset=windows-1251\r\n", "Касса".encode("cp1251")), "Касса"),
    ("koi8-r", letter(b'Content-Type: text/plain; charset="koi8-r"\r\n', "Касса".encode("koi8-r")), "Касса"),
    (
        "no header at all, cp1251",
        letter(b"", "Здравствуйте, касса стоит".encode("cp1251")),
        "Здравствуйте, касса стоит",
    ),
    (
        "no header at all, koi8-r",
        letter(b"", "Здравствуйте, касса стоит".encode("koi8-r")),
        "Здравствуйте, касса стоит",
    ),
    ("us-ascii with high bytes", letter(b"Content-Type: text/plain; charset=us-ascii\r\n", "Касса".encode()), "Касса"),
    (
        "latin-1 that is cp1251",
        letter(b"Content-Type: text/plain; charset=iso-8859-1\r\n", "Стоит касса".encode("cp1251")),
        "Стоит касса",
    ),
    (
        "latin-1 that is latin-1",
        letter(b"Content-Type: text/plain; charset=iso-8859-1\r\n", "Müller".encode("latin-1")),
        "Müller",
    ),
    (
        "utf-8 declared, cp1251 sent",
        letter(b"Content-Type: text/plain; charset=utf-8\r\n", "Касса стоит".encode("cp1251")),
        "Касса стоит",
    ),
    (
        "utf-8 cut at the end",
        letter(b"Content-Type: text/plain; charset=utf-8\r\n", "Касса стоит".encode()[:-1]),
        "Касса стои\ufffd",
    ),
    ("a codec that is no charset", letter(b"Content-Type: text/plain; charset=idna\r\n", "Касса".encode()), "Касса"),
    (
        "base64",
        letter(
            b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n",
            base64.b64encode("Касса".encode()),
        ),
        "Касса",
    ),
    (
        "quoted-printable",
        letter(
            b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n",
            quopri.encodestring("Касса=".encode()),
        ),
        "Касса=",
    ),
    ("NUL in the text", letter(b"", b"a\0b\r\n"), "ab"),
    (
        "alternative: plain wins",
        multipart(text_part(b"plain"), text_part(b"<p>rich", b"Content-Type: text/html\r\n"), kind=b"alternative"),
        "plain",
    ),
    (
        "alternative: blank plain",
        multipart(text_part(b" "), text_part(b"<p>rich</p>", b"Content-Type: text/html\r\n"), kind=b"alternative"),
        "rich",
    ),
    (
        "html only",
        letter(
            b"Content-Type: text/html; charset=utf-8\r\n",
            "<style>p{}</style><p>Касса<br>стоит</p><p>Давно&nbsp;уже</p>".encode(),
        ),
        "Касса\nстоит\n\nДавно уже",
    ),
    ("html link", letter(b"Content-Type: text/html\r\n", b'<a href="https://x.ru/1">log</a>'), "log <https://x.ru/1>"),
    ("html quote", letter(b"Content-Type: text/html\r\n", b"yes<blockquote>old</blockquote>"), "yes\n\n> old"),
    ("two texts", multipart(text_part(b"one"), text_part(b"two")), "one\n\ntwo"),
    ("no boundary", letter(b"Content-Type: multipart/mixed\r\n", b"lost\r\n"), "lost"),
    ("boundary never comes", letter(b"Content-Type: multipart/mixed; boundary=q\r\n", b"words\r\n"), "words"),
    ("a bad content type", letter(b"Content-Type: nonsense\r\n", b"words\r\n"), "words"),
    ("bare line ends", b"From: carol@romashka.ru\n\nfine\n", "fine"),
    ("no body", b"From: carol@romashka.ru\r\n", ""),
    ("nothing", b"", ""),
    ("body alone", b"hello there\r\nfriends\r\n", "hello there\nfriends"),
    ("mbox line first", b"From carol Mon Jan 1 00:00:00 2026\r\n" + letter(), "hello"),
    ("unclosed html", letter(b"Content-Type: text/html\r\n", b"a < b <b>c<i"), "a < b c"),
]


@pytest.mark.parametrize(("raw", "text"), [case[1:] for case in BODIES], ids=[case[0] for case in BODIES])
def test_a_body_is_read(raw: bytes, text: str) -> None:
    assert parse(raw).text == text


FILES: list[tuple[str, bytes, list[str]]] = [
    ("plain name", attachment(b'filename="a.pdf"'), ["a.pdf"]),
    ("rfc 2231", attachment(b"filename*=utf-8''%D0%BE%D1%82%D1%87%D1%91%D1%82.pdf"), ["отчёт.pdf"]),
    ("rfc 2231 in pieces", attachment(b"filename*0*=utf-8''%D0%BE;\r\n filename*1*=%D1%82.pdf"), ["от.pdf"]),
    ("rfc 2231 in cp1251", attachment(b"filename*=windows-1251''%EE%F2%F7%E5%F2.pdf"), ["отчет.pdf"]),
    ("encoded word", attachment(b'filename="' + word("отчёт.pdf", "koi8-r") + b'"'), ["отчёт.pdf"]),
    ("raw utf-8", attachment(b'filename="' + "отчёт.pdf".encode() + b'"'), ["отчёт.pdf"]),
    ("raw cp1251", attachment(b'filename="' + "накладная.xls".encode("cp1251") + b'"'), ["накладная.xls"]),
    ("unquoted with spaces", attachment(b"filename=my file.pdf"), ["my file.pdf"]),
    ("path", attachment(b'filename="../../etc/passwd"'), ["passwd"]),
    ("windows path", attachment(b'filename="C:\\Temp\\log.txt"'), ["log.txt"]),
    ("only dots", attachment(b'filename="..."'), ["file.bin"]),
    ("hidden", attachment(b'filename=".htaccess"'), ["htaccess"]),
    ("NUL and line end", attachment(b"filename*=utf-8''a%00b%0D%0Ac.txt"), ["ab c.txt"]),
    ("direction", attachment(b"filename*=utf-8''a%E2%80%AEfdp.exe"), ["afdp.exe"]),
    ("long", attachment(b'filename="' + b"x" * 300 + b'.pdf"'), ["x" * 146 + ".pdf"]),
    ("nameless", attachment(b"x=1", kind=b"image/png"), ["image.png"]),
    ("empty name", attachment(b'filename=""', kind=b"application/pdf"), ["file.pdf"]),
    (
        "name in the type",
        multipart(text_part(b"x"), b'Content-Type: application/pdf; name="t.pdf"\r\n\r\ny\r\n'),
        ["t.pdf"],
    ),
    (
        "same names",
        multipart(*[b"Content-Disposition: attachment; filename=a.txt\r\n\r\nx\r\n"] * 3),
        ["a.txt", "a (2).txt", "a (3).txt"],
    ),
    (
        "a text as attachment",
        multipart(text_part(b"x"), b"Content-Disposition: attachment; filename=log.txt\r\n\r\ny\r\n"),
        ["log.txt"],
    ),
    (
        "a named text after the first",
        multipart(text_part(b"x"), b'Content-Type: text/plain; name="log.txt"\r\n\r\ny\r\n'),
        ["log.txt"],
    ),
    (
        "an attached letter",
        multipart(
            text_part(b"x"), b"Content-Type: message/rfc822\r\n\r\nSubject: " + word("Старое") + b"\r\n\r\nbody\r\n"
        ),
        ["Старое.eml"],
    ),
    (
        "an attached letter without subject",
        multipart(text_part(b"x"), b"Content-Type: message/rfc822\r\n\r\nFrom: a@b.ru\r\n\r\nbody\r\n"),
        ["letter.eml"],
    ),
    ("a calendar", multipart(text_part(b"x"), b"Content-Type: text/calendar\r\n\r\nBEGIN\r\n"), ["text.ics"]),
]


@pytest.mark.parametrize(("raw", "names"), [case[1:] for case in FILES], ids=[case[0] for case in FILES])
def test_files_get_safe_unique_names(raw: bytes, names: list[str]) -> None:
    assert [file.name for file in parse(raw).files] == names


def test_the_bytes_of_a_file_come_unchanged() -> None:
    content = bytes(range(256)) * 50
    packed = base64.encodebytes(content).replace(b"\n", b"\r\n")
    raw = attachment(b"filename=x.bin\r\nContent-Transfer-Encoding: base64", packed)
    assert parse(raw).files[0].content == content


def test_an_inline_picture_is_a_file_with_its_id() -> None:
    picture = b"Content-Type: image/png\r\nContent-ID: <logo@x>\r\n\r\nPNG\r\n"
    file = parse(
        multipart(text_part(b'<img src="cid:logo@x">', b"Content-Type: text/html\r\n"), picture, kind=b"related")
    )
    assert [(f.name, f.content_id, f.is_inline) for f in file.files] == [("image.png", "logo@x", True)]


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
    assert (read.subject, read.subject_plain) == (given, plain)


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

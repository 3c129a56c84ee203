"""A table of files in letters: what was sent as bytes, and the names and contents that we keep."""

from __future__ import annotations

import base64

import pytest

from app.intake.mime.parse import parse
from tests.intake.samples import attachment, multipart, text_part, word

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
    (
        "a named html after the words",
        multipart(text_part(b"x"), b'Content-Type: text/html; name="report.html"\r\n\r\n<p>y\r\n'),
        ["report.html"],
    ),
    (
        "a named html that is the words",
        multipart(text_part(b"x"), b'Content-Type: text/html; name="body.html"\r\n\r\n<p>x\r\n', kind=b"alternative"),
        [],
    ),
    ("a calendar", multipart(text_part(b"x"), b"Content-Type: text/calendar\r\n\r\nBEGIN\r\n"), ["text.ics"]),
]


@pytest.mark.trust("F1")
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


def test_an_attached_letter_comes_byte_for_byte() -> None:
    inner = (
        b"Received: from x\r\n\tby y\r\nSubject:  " + "тест".encode("koi8-r") + b"\r\n"
        b"Content-Type: multipart/mixed; boundary=in\r\n\r\npreamble\r\n--in\r\n\r\none  \r\n--in\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nQUJD\r\n--in--\r\n"
    )
    [file] = parse(multipart(text_part(b"x"), b"Content-Type: message/rfc822\r\n\r\n" + inner)).files
    assert file.content.rstrip() == inner.replace(b"Subject:  ", b"Subject: ").rstrip()


def test_an_attached_letter_in_base64_is_unpacked() -> None:
    packed = base64.encodebytes(b"Subject: old\r\n\r\nbody").replace(b"\n", b"\r\n")
    head = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    [file] = parse(multipart(text_part(b"x"), head + packed)).files
    assert file.content == b"Subject: old\r\n\r\nbody"

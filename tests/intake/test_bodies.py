"""A table of bodies and files: what was sent as bytes, and what we read."""

from __future__ import annotations

import base64
import quopri

import pytest

from app.intake.mime.parse import parse
from tests.intake.samples import letter, multipart, text_part

HTML = b"Content-Type: text/html; charset=utf-8\r\n"
INNER_HEAD = b"Content-Type: multipart/alternative; boundary=in\r\n\r\n"

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
    (
        "html quote",
        letter(b"Content-Type: text/html\r\n", b"yes<blockquote type=cite>old</blockquote>"),
        "yes\n\n> old",
    ),
    ("two texts", multipart(text_part(b"one"), text_part(b"two")), "one\n\ntwo"),
    (
        "plain and html one after the other",
        multipart(text_part(b"see below"), text_part(b"<p>words of the boss</p>", HTML), text_part(b"-- footer")),
        "see below\n\nwords of the boss\n\n-- footer",
    ),
    (
        "plain and html of the same words",
        multipart(text_part(b"the same words"), text_part(b"<p>the  same words</p>", HTML)),
        "the same words",
    ),
    (
        "alternative: plain says that there is html",
        multipart(
            text_part(b"Your mail program does not show HTML."), text_part(b"<p>words</p>", HTML), kind=b"alternative"
        ),
        "words",
    ),
    (
        "alternative: plain says so in Russian",
        multipart(
            text_part("Ваша программа не поддерживает просмотр писем в формате HTML".encode()),
            text_part("<p>слова</p>".encode(), HTML),
            kind=b"alternative",
        ),
        "слова",
    ),
    (
        "alternative: a question about html is no stub",
        multipart(
            text_part(b"Why is HTML red?"), text_part(b"<p>Why is HTML <b>red</b>?</p>", HTML), kind=b"alternative"
        ),
        "Why is HTML red?",
    ),
    (
        "alternative: plain has only a beginning",
        multipart(text_part(b"Hello"), text_part(b"<p>" + b"much more " * 50, HTML), kind=b"alternative"),
        ("much more " * 50).strip(),
    ),
    (
        "alternative in related in mixed",
        multipart(
            INNER_HEAD + b"--in\r\n" + text_part(b"plain") + b"--in\r\n" + text_part(b"<p>rich", HTML) + b"--in--\r\n"
        ),
        "plain",
    ),
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


def test_the_html_is_whole_where_the_words_came_in_pieces() -> None:
    parsed = parse(multipart(text_part(b"1 < 2"), text_part(b"<b>two</b>", HTML)))
    assert parsed.html == "<pre>1 &lt; 2</pre>\n<b>two</b>"

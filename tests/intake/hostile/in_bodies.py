"""Letters that are hostile by their text: charsets, encodings, markup."""

from __future__ import annotations

from tests.intake.hostile.letter import Hostile
from tests.intake.samples import letter

HTML = b"Content-Type: text/html; charset=utf-8\r\n"


def plain(charset: bytes, body: bytes, more: bytes = b"") -> bytes:
    return letter(b"Content-Type: text/plain; charset=" + charset + b"\r\n" + more, body)


LETTERS = [
    Hostile("a charset that is a path", plain(b"../../etc/passwd", "Касса".encode()), text="Касса"),
    Hostile("a charset of a megabyte of dots", plain(b"." * 60_000, b"words"), text="words"),
    Hostile("a codec that runs escapes", plain(b"unicode_escape", rb"\x00\ud800"), text=r"\x00\ud800"),
    Hostile("a codec that packs", plain(b"zlib", b"words"), text="words"),
    Hostile("a slow codec", plain(b"punycode", b"x" * 300_000 + b"-"), text="x" * 300_000 + "-"),
    Hostile("utf-7 that hides a tag", plain(b"utf-7", b"+ADw-script+AD4-"), text="<script>"),
    Hostile("utf-16 with half a character", plain(b"utf-16", b"\xff\xfe\x1a\x04\x30"), text="К\ufffd"),
    Hostile("surrogates in utf-8", plain(b"utf-8", b"a\xed\xa0\x80b"), says="a"),
    Hostile("utf-16 that is none", plain(b"utf-16", b"words"), text="words"),
    Hostile("utf-32 that is none", plain(b"utf-32-le", "слова".encode()), text="слова"),
    Hostile("shift states of iso-2022", plain(b"iso-2022-jp", b"\x1b$B\x1b(Bwords\x1b"), says="words"),
    Hostile(
        "base64 with rubbish in it",
        plain(b"utf-8", b"0JrQ*sNGB\r\n!0YHQsA==", b"Content-Transfer-Encoding: base64\r\n"),
        text="Касса",
    ),
    Hostile(
        "base64 that is cut", plain(b"utf-8", b"0JrQsNGB0YHQ", b"Content-Transfer-Encoding: base64\r\n"), says="Касс"
    ),
    Hostile(
        "quoted-printable with broken escapes",
        plain(b"utf-8", b"=ZZ =D0=9A= =", b"Content-Transfer-Encoding: quoted-printable\r\n"),
        text="=ZZ К=",
    ),
    Hostile(
        "an encoding that nobody knows",
        plain(b"utf-8", b"words", b"Content-Transfer-Encoding: x-gzip64\r\n"),
        text="words",
    ),
    Hostile("line ends of every kind", letter(b"", b"a\rb\nc\r\nd\x0be\xe2\x80\xa8f\r\r\n"), text="a\nb\nc\nd\ne\nf"),
    Hostile("NUL and other controls", letter(b"", b"a\0b\x01c\x08d\x7f\xef\xbb\xbf\r\n"), text="abcd"),
    Hostile("twenty megabytes in one line", letter(b"", b"a" * 20_000_000), text="a" * 1_000_000),
    Hostile(
        "a script, a style and a title",
        letter(HTML, b"<title>t</title><style>s</style><script>alert(1)</script>words<noscript>n"),
        text="wordsn",
    ),
    Hostile("a comment without end", letter(HTML, b"words<!-- <script>"), text="words"),
    Hostile(
        "characters that are none",
        letter(HTML, b"a&#0;&#xD800;&#x110000;&#99999999999999999999;&nosuch;b"),
        text="a\ufffd\ufffd\ufffd\ufffd&nosuch;b",
    ),
    Hostile(
        "markup in the markup", letter(HTML, b"&lt;script&gt;alert(1)&lt;/script&gt;"), text="<script>alert(1)</script>"
    ),
    Hostile(
        "a link that runs",
        letter(HTML, b'<a href="javascript:alert(1)">x</a> <a href="data:text/html,x">y</a>'),
        text="x y",
    ),
    Hostile("twenty thousand open tags", letter(HTML, b"<div><table><blockquote>" * 20_000 + b"words"), says="words"),
    Hostile("a tag of a megabyte", letter(HTML, b"<a " + b"x=1 " * 240_000 + b">words"), text="words"),
    Hostile(
        "a begin of a file without its file", letter(b"", b"begin 644 x\r\n" * 20_000 + b"words\r\n"), says="words"
    ),
]

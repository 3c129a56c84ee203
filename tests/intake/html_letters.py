"""Letters with formatting, as tests write them."""

from __future__ import annotations

import base64
import struct
import zlib

from tests.intake.mailing import MAILBOX

_BOUNDARY = "=_html"


def html_mail(
    markup: str,
    text: str = "Не работает касса.",
    *,
    sender: str = "Ольга Карпова <carol@romashka.ru>",
    subject: str = "Касса",
    pictures: dict[str, bytes] | None = None,
    **headers: str,
) -> bytes:
    """Plain text and HTML of one letter, and pictures by Content-ID; keyword arguments are headers, `_` for `-`."""
    lines = [f"From: {sender}", f"To: {MAILBOX}", f"Subject: {subject}", "MIME-Version: 1.0"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines += [f'Content-Type: multipart/related; boundary="{_BOUNDARY}"', ""]
    inner = f"{_BOUNDARY}.alternative"
    lines += [f"--{_BOUNDARY}", f'Content-Type: multipart/alternative; boundary="{inner}"', ""]
    for kind, words in (("plain", text), ("html", markup)):
        lines += [f"--{inner}", f"Content-Type: text/{kind}; charset=utf-8", "Content-Transfer-Encoding: base64", ""]
        lines += [_packed(words.encode("utf-8", "surrogatepass")), ""]
    lines += [f"--{inner}--", ""]
    for name, content in (pictures or {}).items():
        lines += [f"--{_BOUNDARY}", "Content-Type: image/png", f"Content-ID: <{name}>"]
        lines += ["Content-Disposition: inline; filename=image001.png", "Content-Transfer-Encoding: base64", ""]
        lines += [_packed(content), ""]
    return "\r\n".join([*lines, f"--{_BOUNDARY}--", ""]).encode()


def png(width: int = 8, height: int = 8, *, claims: tuple[int, int] | None = None) -> bytes:
    """A picture of one colour; ``claims``: the size that its header lies about."""
    head = struct.pack(">IIBBBBB", *(claims or (width, height)), 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x0d\x58\x68" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _packed(content: bytes) -> str:
    return base64.encodebytes(content).decode("ascii").replace("\n", "\r\n").strip()

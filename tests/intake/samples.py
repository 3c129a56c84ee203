"""Raw letters, put together from bytes."""

from __future__ import annotations

import base64
import quopri

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

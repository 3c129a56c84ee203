"""What other programs wrap letters and files in, put together from bytes: TNEF, CMS, uuencode, compressed RTF."""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Sequence

from tests.intake.samples import multipart, text_part

SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
ENVELOPED_DATA = bytes.fromhex("2a864886f70d010703")
DATA = bytes.fromhex("2a864886f70d010701")
_MESSAGE_ID = bytes.fromhex("0703020000000000c000000000000046")
UNICODE, BINARY, OBJECT, LONG = 0x1F, 0x102, 0x0D, 0x03


def part(content: bytes, headers: bytes) -> bytes:
    """A part in base64."""
    packed = base64.encodebytes(content).replace(b"\n", b"\r\n")
    return headers + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + packed


def property_of(number: int, kind: int, value: bytes) -> bytes:
    if kind == LONG:
        return struct.pack("<HH", kind, number) + value
    return struct.pack("<HHII", kind, number, 1, len(value)) + value + b"\0" * (-len(value) % 4)


def text_property(number: int, text: str) -> bytes:
    return property_of(number, UNICODE, (text + "\0").encode("utf-16-le"))


def properties(*each: bytes) -> bytes:
    return struct.pack("<I", len(each)) + b"".join(each)


def attribute(name: int, value: bytes, level: int = 1) -> bytes:
    return struct.pack("<BHHI", level, name, 0, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def tnef(*properties_of_it: bytes, files: Sequence[bytes] = ()) -> bytes:
    """A whole winmail.dat; ``files`` as ``tnef_file`` makes them."""
    head = b"\x78\x9f\x3e\x22\x01\x00" + attribute(0x9007, struct.pack("<II", 1251, 0))
    return head + attribute(0x9003, properties(*properties_of_it)) + b"".join(files)


def tnef_file(name: str, content: bytes, *more: bytes) -> bytes:
    title = attribute(0x8010, b"SHORT~1.TXT\0", 2)
    details = attribute(0x9005, properties(text_property(0x3707, name), *more), 2)
    return attribute(0x9002, b"\0" * 14, 2) + title + attribute(0x800F, content, 2) + details


def tnef_letter(name: str, inner: bytes) -> bytes:
    """Another letter inside."""
    carried = property_of(0x3701, OBJECT, _MESSAGE_ID + inner)
    return attribute(0x9002, b"\0" * 14, 2) + attribute(0x9005, properties(text_property(0x3001, name), carried), 2)


def winmail(data: bytes, words: bytes = b" ") -> bytes:
    """A letter with it."""
    return multipart(text_part(words), part(data, b"Content-Type: application/ms-tnef; name=winmail.dat"))


def compressed_rtf(source: bytes) -> bytes:
    """As Outlook packs it, but without any repetition found."""
    packed = b"".join(b"\0" + source[at : at + 8] for at in range(0, len(source), 8))
    return struct.pack("<II4sI", len(packed) + 12, len(source), b"LZFu", 0) + packed


def der(tag: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = (length.bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + length.to_bytes(size, "big") + content


def cms(kind: bytes, inside: bytes) -> bytes:
    return der(0x30, der(0x06, kind), der(0xA0, inside))


def signed_data(entity: bytes) -> bytes:
    """A CMS message that carries what it signs; nobody's signature."""
    carried = der(0x30, der(0x06, DATA), der(0xA0, der(0x04, entity)))
    return cms(SIGNED_DATA, der(0x30, der(0x02, b"\1"), der(0x31), carried, der(0x31)))


def packed(data: bytes, kind: bytes = b"signed-data", name: bytes = b"smime.p7m") -> bytes:
    """A letter that is nothing but a CMS message."""
    head = b"From: carol@romashka.ru\r\nContent-Type: application/pkcs7-mime; smime-type=" + kind + b"; name=" + name
    return part(data, head)


def uuencoded(name: str, content: bytes) -> bytes:
    lines = [binascii.b2a_uu(content[at : at + 45], backtick=True) for at in range(0, len(content), 45)]
    return b"begin 644 " + name.encode() + b"\n" + b"".join(lines) + b"`\nend\n"

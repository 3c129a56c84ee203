"""The outer shells of a CMS message (RFC 5652) in BER: what kind it is, and what is inside a signed one."""

from __future__ import annotations

from typing import NamedTuple

SIGNED, ENVELOPED = "signed-data", "enveloped-data"
_KINDS = {
    bytes.fromhex("2a864886f70d010702"): SIGNED,
    bytes.fromhex("2a864886f70d010703"): ENVELOPED,
    bytes.fromhex("2a864886f70d010706"): ENVELOPED,  # encryptedData
    bytes.fromhex("2a864886f70d0109100117"): ENVELOPED,  # authEnvelopedData
}
_SEQUENCE, _OID, _OCTETS, _OCTETS_IN_PIECES, _CONTEXT_0 = 0x30, 0x06, 0x04, 0x24, 0xA0
_DEEPEST = 12
_LONGEST_LENGTH = 4
_MOST_PIECES = 100_000  # an element without a length is walked through; real ones have pieces of a kilobyte and more


class Damaged(ValueError):
    """These bytes are no CMS message, or end too early."""


class _Element(NamedTuple):
    tag: int
    start: int
    end: int  # of the content; for an indefinite length, where its end marks begin
    after: int


def kind_of(data: bytes) -> str:
    """SIGNED, ENVELOPED, or an empty string for what is neither or cannot be read."""
    try:
        return _opened(data)[0]
    except Damaged:
        return ""


def signed_content(data: bytes) -> bytes | None:
    """The bytes that were signed; None where there are none inside, or it is no signed message."""
    try:
        kind, shell = _opened(data)
        if kind != SIGNED:
            return None
        signed = _first(data, shell, _SEQUENCE)
        version = _element(data, signed.start, signed.end)
        digests = _element(data, version.after, signed.end)
        inner = _expected(data, digests.after, signed.end, _SEQUENCE)
        name = _expected(data, inner.start, inner.end, _OID)
        if name.after >= inner.end:
            return None  # the signature alone
        carried = _first(data, _expected(data, name.after, inner.end, _CONTEXT_0))
        return _octets(data, carried, 0)
    except Damaged:
        return None


def _opened(data: bytes) -> tuple[str, _Element]:
    whole = _expected(data, 0, len(data), _SEQUENCE)
    name = _expected(data, whole.start, whole.end, _OID)
    shell = _expected(data, name.after, whole.end, _CONTEXT_0)
    return _KINDS.get(data[name.start : name.end], ""), shell


def _first(data: bytes, parent: _Element, tag: int | None = None) -> _Element:
    if tag is None:
        return _element(data, parent.start, parent.end)
    return _expected(data, parent.start, parent.end, tag)


def _expected(data: bytes, at: int, limit: int, tag: int) -> _Element:
    element = _element(data, at, limit)
    if element.tag != tag:
        raise Damaged(f"tag {element.tag:#x} at {at}, not {tag:#x}")
    return element


def _element(data: bytes, at: int, limit: int, depth: int = 0) -> _Element:
    """The element that begins at ``at``; its end must not lie beyond ``limit``."""
    if at + 2 > limit or depth > _DEEPEST or data[at] & 0x1F == 0x1F:
        raise Damaged(f"no element at {at}")
    tag, length, start = data[at], data[at + 1], at + 2
    if length == 0x80:
        return _indefinite(data, tag, start, limit, depth)
    if length > 0x80:
        size = length - 0x80
        if size > _LONGEST_LENGTH or start + size > limit:
            raise Damaged(f"a length of {size} bytes at {at}")
        length, start = int.from_bytes(data[start : start + size], "big"), start + size
    if start + length > limit:
        raise Damaged(f"the element at {at} ends beyond the message")
    return _Element(tag, start, start + length, start + length)


def _indefinite(data: bytes, tag: int, start: int, limit: int, depth: int) -> _Element:
    if not tag & 0x20:
        raise Damaged("an endless primitive element")
    at = start
    for _piece in range(_MOST_PIECES):
        if data[at : at + 2] == b"\0\0":
            return _Element(tag, start, at, at + 2)
        at = _element(data, at, limit, depth + 1).after
    raise Damaged("too many pieces")


def _octets(data: bytes, element: _Element, depth: int) -> bytes:
    if element.tag == _OCTETS:
        return data[element.start : element.end]
    if element.tag != _OCTETS_IN_PIECES or depth > _DEEPEST:
        raise Damaged("no octet string")
    pieces = []
    at = element.start
    while at < element.end:
        piece = _element(data, at, element.end)
        pieces.append(_octets(data, piece, depth + 1))
        at = piece.after
    return b"".join(pieces)

"""Pictures that came with a letter, as `data:` addresses: of four kinds, told by their bytes, of a bearable size."""

from __future__ import annotations

import base64

MOST_PIXELS = 40_000_000  # a browser spends four bytes on each, whatever the file's own size
_LONGEST_SIDE = 20_000
_NO_FRAME = frozenset((0xC4, 0xC8, 0xCC))  # JPEG markers among those of frames that are none


def data_address(content: bytes) -> str:
    """The address, or an empty string for what is no picture or would swell to one too large."""
    kind, width, height = _measured(content)
    if not kind or not (0 < width <= _LONGEST_SIDE and 0 < height <= _LONGEST_SIDE and width * height <= MOST_PIXELS):
        return ""
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def _measured(content: bytes) -> tuple[str, int, int]:
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return "image/png", _big(content[16:20]), _big(content[20:24])
    if content[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif", _little(content[6:8]), _little(content[8:10])
    if content[:3] == b"\xff\xd8\xff":
        return "image/jpeg", *_jpeg(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp", *_webp(content)
    return "", 0, 0


def _jpeg(content: bytes) -> tuple[int, int]:
    """Width and height as the first frame names them (ITU T.81 B.2.2)."""
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            return _big(content[at + 7 : at + 9]), _big(content[at + 5 : at + 7])
        elif marker == 0xDA:
            break
        else:
            at += 2 + max(2, _big(content[at + 2 : at + 4]))
    return 0, 0


def _webp(content: bytes) -> tuple[int, int]:
    """Width and height of the three kinds of WebP (RFC 9649)."""
    kind = content[12:16]
    if kind == b"VP8X":
        return 1 + _little(content[24:27]), 1 + _little(content[27:30])
    if kind == b"VP8L":
        bits = _little(content[21:25])
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        return _little(content[26:28]) & 0x3FFF, _little(content[28:30]) & 0x3FFF
    return 0, 0


def _big(number: bytes) -> int:
    return int.from_bytes(number, "big")


def _little(number: bytes) -> int:
    return int.from_bytes(number, "little")

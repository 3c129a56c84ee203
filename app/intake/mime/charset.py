"""Bytes to text: the declared charset, then UTF-8, then the likeliest Cyrillic page; nothing here raises."""

from __future__ import annotations

import codecs
import re

from app.intake.mime.cyrillic import best_code_page

_ALIASES = {
    "cp-1251": "cp1251", "cp_1251": "cp1251", "x-cp1251": "cp1251", "win-1251": "cp1251", "win1251": "cp1251",
    "windows1251": "cp1251", "ansi-1251": "cp1251", "x-cp-1251": "cp1251", "microsoft-cp1251": "cp1251",
    "x-windows-1251": "cp1251", "koi8": "koi8-r", "koi-8": "koi8-r", "koi8r": "koi8-r", "koi8-ru": "koi8-u",
    "x-koi8-r": "koi8-r", "cp-866": "cp866", "dos-866": "cp866", "x-cp866": "cp866", "ibm-866": "cp866",
    "x-mac-cyrillic": "mac-cyrillic", "x-mac-ukrainian": "mac-cyrillic", "maccyrillic": "mac-cyrillic",
    "gb2312": "gb18030", "x-gbk": "gbk", "gb_2312-80": "gb18030", "ks_c_5601": "cp949", "ks_c_5601-1987": "cp949",
    "ks_c_5601-1989": "cp949", "euc-kr": "cp949", "x-sjis": "cp932", "shift_jis": "cp932", "shift-jis": "cp932",
    "unicode-1-1-utf-7": "utf-7", "unicode-1-1-utf-8": "utf-8", "x-unicode-2-0-utf-7": "utf-7", "utf8": "utf-8",
    "utf-8mb4": "utf-8", "iso-8859-8-i": "iso8859-8", "iso-8859-8-e": "iso8859-8", "x-user-defined": "latin-1",
    "ansi_x3.110-1983": "latin-1", "x-ansi": "cp1252",
}  # fmt: skip
# Codecs that are no charsets of mail; `idna` and `punycode` are slow on purpose-made input besides.
_NOT_CHARSETS = frozenset(("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"))
_CLAIMS_NOTHING = frozenset(("ascii", "iso8859-1", "cp1252"))
_CERTAIN = 15
_WIDE = ("utf-16", "utf-32")
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def decode(data: bytes, declared: str = "", hint: str = "") -> str:
    """Text of `data`; `declared` is believed where it fits, `hint` only weighs between Cyrillic pages."""
    if data.isascii() and not _is_stateful(declared):
        return data.decode("ascii")
    name = codec_name(declared)
    if name.startswith(_WIDE) and b"\0" not in data and not data.startswith(_MARKS):
        name = ""  # even a text without one Latin letter has a line end, or a space
    if name and name not in _CLAIMS_NOTHING:
        try:
            return data.decode(name)
        except (UnicodeError, ValueError):
            if name.startswith(_WIDE):
                return data.decode(name, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if _is_damaged_utf8(data):
        return data.decode("utf-8", "replace")
    page, score = best_code_page(data, codec_name(hint))
    if score < _CERTAIN and name in _CLAIMS_NOTHING - {"ascii"}:
        return data.decode(name, "replace")  # West European after all
    return data.decode(page if score >= 0 else "cp1251", "replace")


def codec_name(declared: str) -> str:
    """The codec of a declared charset, or an empty string when there is none to trust."""
    wanted = declared.strip().strip("\"'").lower()
    wanted = _ALIASES.get(wanted, wanted)
    if not wanted or len(wanted) > 40 or not wanted.isascii():
        return ""
    try:
        info = codecs.lookup(wanted)
    except (LookupError, ValueError, UnicodeError):
        return ""
    is_text = getattr(info, "_is_text_encoding", True)
    return info.name if is_text and info.name.replace("-", "_") not in _NOT_CHARSETS else ""


def _is_stateful(declared: str) -> bool:
    """Charsets whose every byte is ASCII and that still are not ASCII."""
    name = codec_name(declared)
    return name.startswith(("utf-7", "utf-16", "utf-32", "iso2022", "hz"))


def _is_damaged_utf8(data: bytes) -> bool:
    """UTF-8 with a few broken or cut characters, rather than an eight-bit page."""
    good = len(_MULTIBYTE.findall(data))
    if good >= 2 and _is_cut_utf8(data):
        return True
    return good >= 3 and data.decode("utf-8", "replace").count("\ufffd") * 8 <= good


def _is_cut_utf8(data: bytes) -> bool:
    try:
        codecs.utf_8_decode(data, "strict", False)
    except UnicodeDecodeError:
        return False
    return True

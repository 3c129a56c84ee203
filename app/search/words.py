"""Words as they are written and asked for: both sides part and fold texts by these functions, and only by them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from app.models.search import LONGEST_WORD

_WORD = re.compile(r"[^\W_]+")
# Ten digits or more, as people part them; bounded, so that pages of figures cost no more than other text.
_PHONE = re.compile(r"(?<![\d+])\+?(?:\d[ \u00a0\u202f().–-]{0,3}){9,14}\d(?!\d)")
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_NOT_DIGITS = re.compile(r"\D")
_NATIONAL = 10  # digits of a Russian number without its 7 or 8


def folded(text: str) -> str:
    """Small letters, ё as е, letters and their marks put together."""
    return unicodedata.normalize("NFC", text.replace("\0", " ")).lower().replace("ё", "е")


def words(text: str) -> list[str]:
    """Every word of a text in its order; «HP-1020» is two."""
    return [found[:LONGEST_WORD] for found in _WORD.findall(folded(text))]


def exact(text: str) -> Iterator[str]:
    """Tokens of the phones and addresses in a text, which no word can be taken for."""
    for found in _PHONE.findall(text):
        yield phone(found)
    for found in _EMAIL.findall(folded(text)):
        yield email(found)


def phone(number: str) -> str:
    """«8 (812) 363-17-87» and «+78123631787» are one."""
    digits = _NOT_DIGITS.sub("", number)
    if len(digits) == _NATIONAL + 1 and digits[0] in "78":
        digits = digits[1:]
    return f"_p{digits}"


def email(address: str) -> str:
    return ("_e" + "_".join(_WORD.findall(folded(address))))[:80]


def company(company_id: int) -> str:
    return f"_c{company_id}"


HAS_FILE = "_f"
SPAN = 1024  # requests


def span(number: int) -> str:
    """The token that SPAN requests with neighbouring ids have in common."""
    return f"_n{number}"

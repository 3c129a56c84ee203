"""Which Cyrillic code page some bytes are in: letter frequency, case and neighbours, no dictionary."""

from __future__ import annotations

CODE_PAGES = ("cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic")

# Letters of Russian text with their number per thousand (National Corpus of the Russian Language).
_FREQUENT = "о110 е85 а80 и73 н67 т63 с55 р47 в45 л44 к35 м32 д30 п28 у26 я20 ы19 ь17 г17 з16 б16 ч14 й12 х10 ж9 ш7"
_RARE = "ю6 ц5 щ4 э3 ф3 ъ1 ё1"
_PER_MILLE = {item[0]: int(item[1:]) for item in f"{_FREQUENT} {_RARE}".split()}
_AVERAGE = 30
_OTHER_CYRILLIC = frozenset("іїєґўІЇЄҐЎ")
_TYPOGRAPHY = frozenset("«»—–„“”…№’‘•·°©®\u00a0€±")
_SAMPLE = 20_000


def best_code_page(data: bytes, hint: str = "") -> tuple[str, float]:
    """The likeliest page and its score per high byte; below zero means that it hardly is Cyrillic at all."""
    sample = data[:_SAMPLE]
    high = sum(byte > 0x7F for byte in sample) or 1
    ranked = sorted(
        ((_score(sample.decode(page, "replace")) / high + (2 if page == hint else 0), -rank, page))
        for rank, page in enumerate(CODE_PAGES)
    )
    score, _rank, page = ranked[-1]
    return page, score


def _score(text: str) -> float:
    total = 0.0
    before = " "
    for char in text:
        if char >= "\x80":
            total += _letter(char, before)
        elif char.isalpha() and before >= "\x80" and before.isalpha():
            total -= 40
        before = char
    return total


def _letter(char: str, before: str) -> float:
    lower = char.lower()
    frequency = _PER_MILLE.get(lower)
    if frequency is None:
        if char in _OTHER_CYRILLIC:
            return 5
        return 0 if char in _TYPOGRAPHY else -60
    if before < "\x80" and before.isalpha():
        return -40  # a Cyrillic letter glued to a Latin one: most likely a West European word
    value = float(_AVERAGE + frequency) / 2
    if char != lower:
        value -= 8
        if before.isalpha() and before == before.lower():
            value -= 60  # a capital after a small letter: the mark of koi8-r read as cp1251 and back
    elif (
        before.isalpha() and before != before.lower() and lower not in "аеиоуыэюя" and before.lower() not in "аеиоуыэюя"
    ):
        value -= 4
    if lower in "ъь" and not before.isalpha():
        value -= 60
    return value

"""Words above a quote that send the reader into it: then the quote holds answers and must stay."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.intake.quotes.closings import is_dashes, is_signature

_LONGEST = 3000
_GREETING = re.compile(
    r"(?:(?:доброе|добрый|доброго|здравствуйте|здравствуй|приветствую|привет|уважаем\w{2,3}|коллеги|день|утро|вечер|утра"
    r"|дня|вечера|времени|суток|всем|hello|hi|good|morning|afternoon|dear)\b[\s,!]*){1,6}"
    r"(?:(?-i:[А-ЯЁA-Z])[\w.-]{1,30}\s?){0,3}[!,.:)\s]*$",
    re.IGNORECASE,
)
_ANSWERS = (
    r"(?:ответ|отвеч|отвёч|выдел|помет|помеч|отмет|отмеч|вписал|дописал|коммент|правк|пояснен|answer|repl|comment)"
)
_INSIDE = (
    r"(?:ниже|внизу|под (?:вопрос|каждым)|по тексту|в тексте|в теле|внутри|между строк|по пунктам|в вашем письме"
    r"|красн|син(?:им|ий)|зел[её]н|цветом|жирн|курсив|below|inline|in red|in blue|in the text)"
)
_SENDS_INSIDE = re.compile(
    rf"{_ANSWERS}.{{0,60}}{_INSIDE}|{_INSIDE}.{{0,60}}{_ANSWERS}"
    r"|(?:см\.?|смотри(?:те)?|читайте)\s(?:\S+\s){0,2}(?:ниже|внизу|по тексту|в тексте)|\bsee (?:below|inline)\b",
    re.IGNORECASE,
)
_BELOW = re.compile(r"\b(?:ниже|внизу|по тексту|below|inline)\b", re.IGNORECASE)


def send_inside(words: Sequence[str], *, is_marked: bool) -> bool:
    """Do these lines, which stand above a quote, say that answers are in it, or say nothing at all?

    `is_marked`: the quote has `>` marks, where answers would stand out; without them a mere «ниже» is enough.
    """
    own = _without_signature(words)
    text = " ".join(line.strip() for line in own if line.strip())[:_LONGEST]
    if not text or (len(text) <= 100 and _is_only_greeting(text)):
        return True
    return bool(_SENDS_INSIDE.search(text)) or (not is_marked and bool(_BELOW.search(text)))


def _is_only_greeting(text: str) -> bool:
    return bool(_GREETING.match(text)) and not re.search(r"\d", text)


def _without_signature(words: Sequence[str]) -> Sequence[str]:
    for at in range(max(0, len(words) - 12), len(words)):
        if is_dashes(words[at]) or (words[at].strip() and is_signature(words[at:])):
            return words[:at]
    return words

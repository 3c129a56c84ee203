"""Bare thanks, which are shown on a solved request and do not reopen it; in doubt it is no thanks."""

from __future__ import annotations

import re

_NOT_LETTERS = re.compile(r"[^\w]+")
_OPENINGS = (
    "",
    "ок ",
    "ok ",
    "добрый день ",
    "здравствуйте ",
    "все работает ",
    "все заработало ",
    "да ",
    "хорошо ",
    "отлично ",
)
_THANKS = (
    "спасибо", "спасибо большое", "большое спасибо", "огромное спасибо", "спасибо огромное", "спасибо вам",
    "спасибо вам большое", "большое вам спасибо", "спасибо за помощь", "большое спасибо за помощь", "спасибо за работу",
    "спасибо большое за помощь", "спасибо за оперативность", "спасибо за оперативную помощь", "спасибо за ответ",
    "спасибо за быструю помощь", "спасибо все работает", "спасибо всё работает", "спасибо все заработало",
    "спасибо получилось", "спасибо помогло", "спасибо проблема решена", "спасибо вопрос решен", "спасибо хорошего дня",
    "благодарю", "благодарю вас", "благодарю за помощь", "благодарим", "благодарим вас", "благодарим за помощь",
    "спс", "пасибо", "спасибки", "thanks", "thank you", "many thanks", "thanks a lot", "thank you very much", "thx",
    "thanks it works", "thank you for your help", "thanks for your help", "thanks for the help",
)  # fmt: skip
_SIGNS = frozenset("👍👌🙏🤝👏💯✅🎉🌹❤♥😊🙂😀😃")
_BARE = re.compile("[\\s!.,)\ufe0f\U0001f3fb-\U0001f3ff]")  # with what such signs come: spaces, shades of skin
_LIST = frozenset(opening + words.replace("ё", "е") for opening in _OPENINGS for words in _THANKS)


def is_only_thanks(text: str, *, has_files: bool = False) -> bool:
    """Is the whole text one of the listed ways to say thanks, without a file and without a question?"""
    if has_files or "?" in text or len(text) > 200:
        return False
    if (signs := _BARE.sub("", text)) and _SIGNS.issuperset(signs):
        return True
    return _NOT_LETTERS.sub(" ", text.lower().replace("ё", "е")).strip() in _LIST

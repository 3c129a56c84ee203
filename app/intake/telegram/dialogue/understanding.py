"""Short answers in people's own words, Russian or English: what they mean, or that they mean something else."""

from __future__ import annotations

import re
from enum import StrEnum, auto

from app.intake import urgency
from app.models.words import Urgency

_NOT_LETTERS = re.compile(r"[^\w@+]+")
_URL = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:ru|com|org|net|рф|io|su)(?:/\S*)?", re.IGNORECASE)
_LONGEST_SHORT = 60  # characters; what is longer tells something
_YES = frozenset(
    {"да", "верно", "все верно", "да верно", "да все верно", "да это я", "это я", "я", "ага", "угу", "конечно", "ок"}
) | {"правильно", "окей", "ok", "okay", "yes", "yep", "right", "that is me", "yes that is me", "all correct"}
_NO = frozenset({"нет", "не я", "это не я", "нет это не я", "неверно", "не верно", "no", "not me", "wrong"})
_SKIP = frozenset(
    {
        "пропустить",
        "нет",
        "нету",
        "не знаю",
        "не хочу",
        "не скажу",
        "отсутствует",
        "нет почты",
        "нет e mail",
        "нет емейла",
    }
) | {"нет телефона", "без компании", "нет компании", "skip", "none", "no", "n a"}
_NO_FILES = frozenset(
    {"нет", "без файлов", "нету", "не надо", "не нужно", "ничего", "нет файлов", "нечего", "нет ничего", "без них"}
) | {"отправить без файлов", "no", "none", "no files", "nothing", "without files", "send without files"}
_SEND = frozenset(
    {"да", "отправить", "отправить заявку", "отправляй", "отправляйте", "отправьте", "все верно", "верно", "ок", "ok"}
) | {"yes", "send", "send it", "send the request", "okay", "окей", "давайте", "хорошо"}
_FIX = frozenset({"исправить", "изменить", "поправить", "нет", "неверно", "fix", "change", "edit", "no"})
_NORMAL = ("обычн", "по договору", "не сроч", "несроч", "не очень", "не горит", "normal", "not urgent", "can wait")
_NORMAL_WHOLE = frozenset({"нет", "терпит", "подождет", "может подождать", "no", "standard"})
_URGENT_WHOLE = frozenset({"очень", "да", "как можно скорее", "asap", "горит", "очень срочно", "yes", "very"})
_USUAL = frozenset({"у меня", "я", "у меня на обычном месте", "на обычном месте", "me", "mine", "at my usual place"})
_GREETINGS = frozenset(
    {"здравствуйте", "добрый день", "добрый вечер", "доброе утро", "привет", "доброго дня", "приветствую", "алло"}
) | {"hello", "hi", "good morning", "good afternoon", "good day", "здравствуй", "добрый день всем"}


class Menu(StrEnum):
    """What the buttons in place of the keyboard say; the same words typed mean the same."""

    NEW = auto()
    MINE = auto()
    CALL = auto()
    CANCEL = auto()


_MENU = {
    "новая заявка": Menu.NEW, "new request": Menu.NEW,
    "мои заявки": Menu.MINE, "my requests": Menu.MINE,
    "позвонить": Menu.CALL, "call": Menu.CALL, "call us": Menu.CALL,
    "отмена": Menu.CANCEL, "отменить": Menu.CANCEL, "cancel": Menu.CANCEL,
}  # fmt: skip


def plain(text: str) -> str:
    """For comparison: lower case, no ё, no punctuation; "" for what is too long to be a short answer."""
    if len(text) > _LONGEST_SHORT:
        return ""
    return _NOT_LETTERS.sub(" ", text.lower().replace("ё", "е")).strip()


def menu(text: str) -> Menu | None:
    return _MENU.get(plain(text))


def is_yes(text: str) -> bool:
    return plain(text) in _YES


def is_no(text: str) -> bool:
    return plain(text) in _NO


def is_skip(text: str) -> bool:
    """«Не знаю», «нет», a dash: the question stays without an answer."""
    return plain(text) in _SKIP or bool(text.strip() and not text.strip(" -–—."))


def is_skip_button(text: str) -> bool:
    return plain(text) in {"пропустить", "skip"}


def is_by_hand(text: str) -> bool:
    return plain(text) in {"ввести вручную", "вручную", "type it in", "by hand"}


def is_greeting(text: str) -> bool:
    return plain(text) in _GREETINGS


def is_no_files(text: str) -> bool:
    return plain(text) in _NO_FILES or is_skip(text)


def is_send(text: str) -> bool:
    return plain(text) in _SEND


def is_fix(text: str) -> bool:
    return plain(text) in _FIX


def is_usual_place(text: str) -> bool:
    return plain(text) in _USUAL


def how_urgent(text: str) -> Urgency | None:
    """The answer to «насколько срочно»; None for words about something else."""
    words = plain(text)
    if words in _NORMAL_WHOLE or any(sign in words for sign in _NORMAL):
        return Urgency.NORMAL
    if words in _URGENT_WHOLE or (words and urgency.is_urgent(text)):
        return Urgency.URGENT
    return None


def is_new(text: str) -> bool:
    """«Новая» in answer to «дополнение или новая»."""
    words = plain(text)
    return words.startswith(("нов", "new", "это новая", "друг"))


def is_addition(text: str) -> bool:
    return plain(text).startswith(("дополн", "к заявке", "к ней", "к этой", "к той", "add", "it belongs", "да", "yes"))


def is_only_links(text: str) -> bool:
    return bool(_URL.search(text)) and not _URL.sub("", text).strip(" ,;\n\t")


def email_in(text: str) -> str:
    """The address among the words, without what people put around it; the words themselves where none is."""
    found = [word.strip("<>()[],;:«»\"'.!?") for word in text.split() if "@" in word]
    return (found[0] if len(found) == 1 else text.strip()).removeprefix("mailto:").lower()

"""What is wrong with a calendar file, in the reader's words: the sentences of ``calendar_specs`` retold."""

from __future__ import annotations

import json
import re

from app.web.calendar_form import never_open
from app.web.translate import _


def refusal(error: Exception) -> str:
    """A sentence that names the place in the file."""
    match error:
        case json.JSONDecodeError():
            return _("Это не JSON: ошибка в строке %(line)s, знак %(column)s.", line=error.lineno, column=error.colno)
        case UnicodeDecodeError():
            return _("Файл не в UTF-8. Сохраните его в этой кодировке.")
        case RecursionError():
            return _("Файл вложен слишком глубоко: это не календарь.")
    text = str(error)
    if "never open" in text:
        return never_open()
    for pattern, words in _told():
        if found := re.fullmatch(pattern, text, re.DOTALL):
            return words % {name: value[:80] for name, value in found.groupdict().items()}
    return text


def _told() -> tuple[tuple[str, str], ...]:
    return (
        (r"(?P<place>\S+): (?P<one>\S+) and (?P<two>\S+) overlap", _("%(place)s: %(one)s и %(two)s пересекаются.")),
        (r"(?P<place>\S+): (?P<one>\S+) runs backward.*",
         _("%(place)s: %(one)s, конец раньше начала. Ночная смена: до 24:00 и с 00:00 следующего дня.")),
        (r"time_zone: unknown zone (?P<one>.*), write.*",
         _("time_zone: пояса %(one)s нет. Пример: Europe/Moscow")),
        (r"production_calendar: unknown (?P<one>.*), known.*", _("production_calendar: %(one)s не знаем, знаем RU.")),
        (r"days: (?P<one>.*) is not a date.*", _("days: %(one)s не дата. Пример: 2026-12-31")),
        (r"(?P<place>.*): unknown key (?P<one>.*), known are (?P<two>.*)",
         _("%(place)s: лишнее поле %(one)s. Бывают: %(two)s.")),
        (r"the key (?P<one>.*) stands twice", _("Поле %(one)s стоит дважды.")),
        (r"the calendar has no (?P<one>.*)", _("В календаре нет поля %(one)s.")),
        (r"name: .*", _("name: от 1 до 60 букв, цифр, точек, дефисов и пробелов.")),
        (r"(?P<place>\S+): (?P<one>.*) is not (?:a time|an interval).*",
         _('%(place)s: %(one)s не похоже на часы. Пример: ["09:00", "18:00"]')),
        (r"(?P<place>\S+) must be a list.*",
         _('%(place)s: нужен список промежутков, например [["09:00", "18:00"]].')),
        (r"(?P<place>.*) must be an object.*", _("%(place)s: нужен объект в фигурных скобках.")),
    )  # fmt: skip

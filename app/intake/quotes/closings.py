"""What may stand at the end of a letter without being an answer: tails of phones and programs, signatures."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LONGEST = 200
_MOST_WORDS = 14
_SIGNATURE_LINES = 10

_SENT = frozenset(("отправлено", "написано"))
_OFFERED = frozenset(("получите", "получить", "скачайте", "загрузите"))
_BY = frozenset(("с", "со", "из", "через", "при"))
_TAIL_WORDS = _BY | frozenset(
    """помощи помощью моего моей моём мобильной мобильного мобильных устройства телефона смартфона планшета айфона
    айпада компьютера приложения приложение веб-версии версии почты почта почту яндекс яндекс.почты рамблер
    рамблер/почты защищённой защищенной почтой клиента программы для на базе мой""".split()
)
_PRODUCT = re.compile(r"[a-z0-9][a-z0-9.+/_-]{0,30}[,.]?$|<?(?:https?://|mailto:|www\.)\S{1,180}$", re.ASCII)
_EN_TAIL = re.compile(
    r"(?:sent (?:from|via|with|by|using)\s+(?:my|mail|outlook|yahoo|samsung|galaxy|proton|gmail|iphone|ipad|android"
    r"|huawei|honor|xiaomi|blackberry|thunderbird|windows|spark|mymail|the)\b"
    r"|please excuse my brevity|(?:get|download) (?:outlook|mymail|spark)\b)[\w .,'<>:/?=&+()*-]{0,120}$",
    re.IGNORECASE | re.ASCII,
)
_VIRUS_FREE = re.compile(
    r"(?:без вирусов|вирусов нет|virus-free)[.,]?\s?(?:<?(?:https?://|www\.)\S{1,120})?$"
    r"|(?:это (?:электронное )?(?:письмо|сообщение) )?проверено на вирусы\b.{0,120}$",
    re.IGNORECASE,
)
_BRIEF = re.compile(r"(?:простите|извините) за краткость.{0,100}$", re.IGNORECASE)
_INVISIBLE = re.compile("[\u200b-\u200f\u2060-\u2064\ufeff]")
_LINK = re.compile(r"<?(?:https?://|www\.)\S{1,200}$", re.IGNORECASE)
_DASHES = re.compile(r"(?:--|—|–)$")
_REGARDS = re.compile(
    r"(?:с (?:наилучшими |искренним |глубоким )?уважением|с наилучшими пожеланиями|всего (?:доброго|хорошего)"
    r"|хорошего дня|(?:best |kind )?regards)\b.{0,80}$",
    re.IGNORECASE,
)
_SAYS = re.compile(r"\?|!\s*\S|\bp\.?\s?s\b|\b(?:зы|постскриптум|не|но|если|когда)\b", re.IGNORECASE)


def is_tail(line: str) -> bool:
    """«Отправлено с iPhone» and its like, also with the dashes of a signature before it."""
    words = _INVISIBLE.sub("", line[: 2 * _LONGEST]).strip("> \t*").removeprefix("--").strip()
    if not words or len(words) > _LONGEST:
        return False
    return _is_russian_tail(words) or bool(_EN_TAIL.match(words) or _BRIEF.match(words) or _VIRUS_FREE.match(words))


def _is_russian_tail(words: str) -> bool:
    first, *rest = words.lower().replace("<", " <").split()
    if not rest or len(rest) > _MOST_WORDS:
        return False
    begins = (first in _SENT and rest[0] in _BY and len(rest) > 1) or first in _OFFERED
    return begins and all(word.rstrip(".,:") in _TAIL_WORDS or _PRODUCT.match(word) for word in rest)


def is_signature(lines: Sequence[str]) -> bool:
    """A few short lines behind dashes or «С уважением», which ask and tell nothing; nothing at all is one, too."""
    filled = [line.strip() for line in lines if line.strip() and not is_tail(line)]
    if not filled:
        return True
    begins = is_dashes(filled[0]) or bool(_REGARDS.match(filled[0][:_LONGEST]))
    is_short = len(filled) <= _SIGNATURE_LINES and all(len(line) <= 80 for line in filled)
    return begins and is_short and not any(_SAYS.search(line) for line in filled)


def is_dashes(line: str) -> bool:
    """The line that cuts a signature off."""
    return bool(_DASHES.match(line.strip()))


def is_link(line: str) -> bool:
    """A line that holds nothing but a link: programs break links out of their quotes."""
    return bool(_LINK.match(line.strip()[: _LONGEST + 10]))

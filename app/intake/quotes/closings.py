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
    r"|хорошего дня|(?:best |kind )?regards)[\s,!.—-]*(?:(?-i:[А-ЯЁA-Z])[\w.-]{0,30}[\s,]*){0,4}$",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?:[А-ЯЁA-Z](?:\.|[\w-]{1,30})[\s,]*){2,4}$")
_FIRST_NAME = re.compile(r"[А-ЯЁA-Z][\w-]{1,30}[.,]?$")
_CONTACT = re.compile(
    r"(?<!\d)\+?\d[\d ()\xa0-]{5,}\d|\S@\S|https?://|\bwww\.|\b(?:skype|telegram|whatsapp)\b", re.IGNORECASE
)
_FIRM = re.compile(
    r"\b(?:ООО|АО|ЗАО|ПАО|ОАО|ИП|НКО|ТСЖ|ГБУ\w*|МУП|ГУП|ФГ\w{1,3}|LLC|Ltd|Inc|GmbH)\b|^[«\"].{2,60}[»\"]$"
    r"|\b(?:ул|пр|наб|г|д|оф)\.\s?\w|^\d{6}\b"
)
_POST = re.compile(
    r"\b(?:бухгалтер|директор|менеджер|администратор|инженер|специалист|руководител|начальник|заместител|секретар"
    r"|отдел|юрист|экономист|кладовщик|программист|офис-|главн|ведущ|старш|manager|director|engineer|department)",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"конфиденциальн|не являетесь\s(?:\S+\s)?(?:адресатом|получателем)|confidential|intended recipient", re.IGNORECASE
)
_LONG_NOTICE = 60


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


def is_closing(lines: Sequence[str]) -> bool:
    """Nothing but a signature, tails of programs and a firm's notice of secrecy; nothing at all is one, too."""
    paragraphs = [part.split("\n") for part in re.split(r"\n(?:[ \t>]*\n)+", "\n".join(lines)) if part.strip()]
    said = [line.strip() for part in paragraphs if not _is_notice(part) for line in part if line.strip()]
    return is_signature([line for line in said if not is_tail(line)])


def is_signature(lines: Sequence[str]) -> bool:
    """Dashes or «С уважением», then names, posts, firms and ways to reach them; any other line may be an answer."""
    filled = [line.strip()[:_LONGEST] for line in lines if line.strip()]
    if not filled:
        return True
    begins = is_dashes(filled[0]) or bool(_REGARDS.match(filled[0]))
    if not begins or len(filled) > _SIGNATURE_LINES:
        return False
    return all(_signs(line) or (at <= 2 and _FIRST_NAME.match(line)) for at, line in enumerate(filled))


def _signs(line: str) -> bool:
    if "?" in line or len(line) > 100:
        return False
    forms = (_REGARDS.match, _NAME.match, _CONTACT.search, _FIRM.search)
    return is_dashes(line) or any(form(line) for form in forms) or (len(line.split()) <= 6 and bool(_POST.search(line)))


def _is_notice(paragraph: Sequence[str]) -> bool:
    text = " ".join(paragraph)[:3000]
    return len(text) >= _LONG_NOTICE and bool(_NOTICE.search(text))


def is_dashes(line: str) -> bool:
    """The line that cuts a signature off."""
    return bool(_DASHES.match(line.strip()))


def is_link(line: str) -> bool:
    """A line that holds nothing but a link: programs break links out of their quotes."""
    return bool(_LINK.match(line.strip()[: _LONGEST + 10]))

"""Subjects that programs write: reports, absences, receipts. People write of the same things, in other forms."""

from __future__ import annotations

import re

from app.intake.mime.letter import ParsedLetter


def _subject(*forms: str) -> re.Pattern[str]:
    """Any of the forms at the beginning, behind the marks of a gateway: [EXTERNAL], [SPAM]."""
    return re.compile(r"\s*(?:\[[^\]]{1,20}\]\s*){0,3}(?:" + "|".join(forms) + ")", re.IGNORECASE)


_END = r"[\s.!…]*$"
_END_OR_COLON = r"\s*(?::|[.!…]*\s*$)"
_DAY = (
    r"(?:понедельник|вторник|сред[уыа]|четверг|пятниц|суббот|воскресень|конца|завтра|следующ|январ|феврал|март|апрел"
    r"|ма[яй]|июн|июл|август|сентябр|октябр|ноябр|декабр|mon|tue|wed|thu|fri|sat|sun|tomorrow|next|jan|feb|mar|apr|may"
    r"|jun|jul|aug|sep|oct|nov|dec|further|недел|месяц|week|month|year|года|включительно)[^\W\d_]*"
)
_SPAN = (
    rf"\s*[,:(–—-]?\s*(?:с|со|до|по|from|until|till|through|since)\s+(?:\d|the \d|{_DAY})"
    rf"(?:[\d\s./:–—-]|{_DAY}|(?:с|по|до|to|the|and|г|st|nd|th|of|я|е|го)\b){{0,60}}+(?:[,;.!)(]|$)"
)
_ABSENT = (
    r"(?:отсутствую|отсутствует|(?:сейчас |я |временно |нахожусь ){0,3}(?:вне офиса|в отпуске|в командировке"
    r"|на больничном)|(?:ежегодный )?отпуск|нет на месте|out of (?:the )?office"
    r"|(?:i am |i'm )?on (?:vacation|holiday|leave)|annual leave|away from (?:the |my )?office)"
)
_UNDONE = r"(?:не уда(?:лось|ется|ётся) доставить)"

# Nobody but a program writes these.
_AUTOMATIC = _subject(
    r"автоматический ответ" + _END_OR_COLON,
    r"автоответ(?: \([^)]{1,40}\))?" + _END_OR_COLON,
    r"auto(?:matic)?[- ]?(?:reply|response)" + _END_OR_COLON,
    r"out of (?:the )?office (?:auto[- ]?reply|reply|response|notification|message)" + _END_OR_COLON,
    _ABSENT + _END,
    _ABSENT + _SPAN,
)
_AUTO_REPLY_MARK = re.compile(r"\s*\[auto[- ]?(?:reply|response|generated)\]", re.IGNORECASE)
_BOUNCE = _subject(
    r"undeliver(?:able|ed)\s*:",
    r"undeliver(?:able|ed) (?:mail|message)\b",
    r"delivery status notification\b",
    r"(?:mail )?delivery (?:failure|failed|incomplete|delayed)(?: notification)?" + _END_OR_COLON,
    r"delivery has failed\b",
    r"mail (?:delivery )?system error\b",
    r"returned mail\s*:",
    r"failure notice" + _END,
    r"message undeliverable\b",
    r"warning: (?:could not send message|message still undelivered|message \S+ delayed)",
    r"delayed mail \(",
    r"message delivery (?:has been )?delayed",
    r"недоставленное (?:сообщение|письмо)",
    r"недоставлено\s*:",
    _UNDONE + r"\s*:",
    _UNDONE + r" (?:ваше |это )?(?:сообщение|письмо|почту)\b",
    r"(?:отложена|задержка) доставк[аи] (?:сообщения|письма)",
    r"доставка (?:вашего )?(?:сообщения|письма) (?:отложена|задержана)",
)
# A person may begin a letter like these too: they count before our number, or in an answer to us.
_AUTOMATIC_ANSWER = _subject(
    _ABSENT + r"\s*[:,.;!(–—-]",
    r"(?:auto|отсутствие)\s*:",
    r"(?:не )?(?:прочтено|прочитано)\s*:",
    r"(?:not )?read\s*:",
    r"(?:доставлено|ретранслировано|delivered|relayed|deleted)\s*:",
    r"(?:принято|под вопросом|отклонено|accepted|tentative|declined)\s*:",
)
_BOUNCE_ANSWER = _subject(
    r"undeliver",
    r"(?:your )?message (?:was )?(?:not delivered|undeliver)",
    r"недоставлен",
    r"не доставлен",
    _UNDONE,
    r"доставка (?:отложена|задержана)",
    r"(?:ваше |это )?(?:сообщение|письмо)[^:]{0,40} не (?:было )?доставлен",
)
_OURS = re.compile(r"\[\s*[#№]\s*\d{5,}|\b(?:re|aw|ha|на|отв|ответ)\s*:", re.IGNORECASE)


def is_automatic(letter: ParsedLetter) -> bool:
    """Does the subject, as it stands, say that a program answers for its owner? Behind «Re:» a person answers."""
    subject = letter.subject
    if _AUTO_REPLY_MARK.match(subject) or _AUTOMATIC.match(subject):
        return True
    return bool(_AUTOMATIC_ANSWER.match(subject)) and _answers_us(letter)


def is_bounce(letter: ParsedLetter, *, is_known: bool = False) -> bool:
    """Does the subject say that a mail server could not deliver, or not yet? A known person may write of that too."""
    subject = letter.subject
    if _BOUNCE.match(subject) and not is_known:
        return True
    return bool(_BOUNCE.match(subject) or _BOUNCE_ANSWER.match(subject)) and _answers_us(letter)


def _answers_us(letter: ParsedLetter) -> bool:
    return bool(letter.in_reply_to or letter.references or _OURS.search(letter.subject))

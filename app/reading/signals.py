"""Why a letter was taken for what it was taken for: the signals that were found in it, in words."""

from __future__ import annotations

from collections.abc import Iterable

from app.translate import _

_NOT_SHOWN = frozenset({"no sender", "noreply", "staff not proven", "too many readers", "thread: none", "discarded"})


def signal_words(signals: Iterable[str]) -> list[str]:
    """The signals in words; names of headers stay as they are."""
    words = {
        "own-loop-header": _("наша подпись X-HelpDesk-Loop"),
        "own-message-id": _("наш Message-ID"),
        "from-own-mailbox": _("отправлено с нашего адреса"),
        "delivery-status": _("отчёт о доставке по RFC 3464"),
        "from-mailer-daemon": _("от почтового сервера"),
        "returned-message-id": _("внутри Message-ID нашего письма"),
        "bounce-subject": _("тема отчёта о доставке"),
        "null-path": _("пустой обратный адрес"),
        "auto-subject": _("тема автоответа"),
        "calendar": _("ответ календаря"),
        "disposition-notification": _("уведомление о прочтении"),
        "feedback-report": _("жалоба на спам (ARF)"),
        "bad-reply-address": _("адрес заявки с неверной подписью"),
        "bad-message-id": _("Message-ID с неверной подписью"),
        "unknown-number": _("заявки с таким номером нет"),
        "dmarc-fail": _("отправитель не прошёл DMARC"),
        "stranger-tag": _("номер в теме, но отправитель посторонний"),
        "stranger-known_id": _("ответ на известное письмо, но отправитель посторонний"),
        "thread: reply_address": _("секретный адрес заявки"),
        "thread: signed_id": _("ответ на наше письмо"),
        "thread: known_id": _("ответ на известное письмо"),
        "thread: tag": _("номер заявки в теме"),
        "spam": _("спам по мнению почтового сервера"),
        "encrypted": _("зашифровано"),
        "signed": _("есть электронная подпись"),
        "unreadable": _("не разобрано"),
        "again": _("разобрано повторно"),
        "copy": _("копия"),
        "too large": _("слишком большое"),
    }
    return list(dict.fromkeys(words.get(signal, signal) for signal in signals if signal not in _NOT_SHOWN))

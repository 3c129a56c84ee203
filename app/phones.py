"""Phone numbers in any spelling: kept as E.164, shown the Russian way."""

from __future__ import annotations


def e164(text: str) -> str | None:
    """``8 (812) 363-17-87`` → ``+78123631787``; None for what is no number (no area code is guessed)."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, "RU")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown(number: str) -> str:
    """``+78123631787`` → ``+7 (812) 363-17-87``; anything else as it is."""
    if len(number) == 12 and number.startswith("+7"):
        return f"+7 ({number[2:5]}) {number[5:8]}-{number[8:10]}-{number[10:]}"
    return number

"""What may be a password: long rather than strange, and nothing that is guessed first."""

from __future__ import annotations

from app.sessions import LONGEST_PASSWORD
from app.translate import _

SHORTEST = 10
_GUESSED = frozenset(
    "1234567890 0123456789 12345678910 1234567891 qwertyuiop йцукенгшщз password12 password123 passw0rd123"
    " administrator stekspb.ru helpdesk123 helpdesk2026 qwerty12345 qwerty123456"
    " 1q2w3e4r5t 1qaz2wsx3edc iloveyou12 parolparol пароль12345 пароль123456 zaq12wsxcde3 1111111111 0000000000".split()
)


def refusal(password: str, repeated: str, email: str) -> dict[str, str]:
    """Field and sentence of what is wrong; empty: it may be the password."""
    if len(password) < SHORTEST:
        least = _("Не короче %(count)s знаков. Проще всего запомнить несколько слов подряд.", count=SHORTEST)
        return {"password": least}
    if len(password) > LONGEST_PASSWORD:
        return {"password": _("Длиннее %(most)s знаков.", most=LONGEST_PASSWORD)}
    plain = password.lower()
    if plain in _GUESSED or len(set(plain)) <= 3 or plain in {email.lower(), email.partition("@")[0].lower() * 2}:
        return {"password": _("Такой пароль подбирают первым. Возьмите несколько слов подряд.")}
    if password != repeated:
        return {"repeated": _("Пароли не совпали. Введите новый ещё раз.")}
    return {}

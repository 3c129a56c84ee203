"""What may be a password: long rather than strange, and nothing that is guessed first."""

from __future__ import annotations

from app.sessions import LONGEST_PASSWORD

SHORTEST = 10
_GUESSED = frozenset(
    "1234567890 0123456789 12345678910 1234567891 qwertyuiop йцукенгшщз password12 password123 passw0rd123"
    " administrator stekspb.ru helpdesk123 helpdesk2026 qwerty12345 qwerty123456"
    " 1q2w3e4r5t 1qaz2wsx3edc iloveyou12 parolparol пароль12345 пароль123456 zaq12wsxcde3 1111111111 0000000000".split()
)


def refusal(password: str, repeated: str, email: str) -> dict[str, str]:
    """Field and sentence of what is wrong; empty: it may be the password."""
    if len(password) < SHORTEST:
        return {"password": f"Не короче {SHORTEST} знаков. Проще всего запомнить несколько слов подряд."}
    if len(password) > LONGEST_PASSWORD:
        return {"password": f"Длиннее {LONGEST_PASSWORD} знаков."}
    plain = password.lower()
    if plain in _GUESSED or len(set(plain)) <= 3 or plain in {email.lower(), email.partition("@")[0].lower() * 2}:
        return {"password": "Такой пароль подбирают первым. Возьмите несколько слов подряд."}
    if password != repeated:
        return {"repeated": "Пароли не совпали. Введите новый ещё раз."}
    return {}

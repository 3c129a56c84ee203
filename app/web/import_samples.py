"""One row of each kind of CSV file, as an example to fill in."""

from __future__ import annotations

SAMPLES: dict[str, dict[str, str]] = {
    "companies": {
        "name": "ООО «Нева-Трейд»",
        "domains": "neva-trade.ru neva.spb.ru",
        "notice_email": "office@neva-trade.ru",
        "notify": "both",
        "notes": "Пропуск заказывать за день",
    },
    "people": {
        "name": "Петрова Ольга Сергеевна",
        "email": "o.petrova@neva-trade.ru",
        "phone": "+7 812 363-17-87",
        "company": "Нева-Трейд",
        "position": "главный бухгалтер",
        "is_contact": "да",
        "notes": "",
    },
    "contracts": {
        "company": "Нева-Трейд",
        "number": "118/2026",
        "valid_from": "01.01.2026",
        "valid_to": "31.12.2026",
        "calendar": "ru-5x9",
        "reaction": "1 ч",
        "solution": "8 ч",
        "urgent_clock": "round_the_clock",
    },
    "requests": {
        "key": "A-1024",
        "what": "Не печатает касса",
        "company": "Нева-Трейд",
        "name": "Петрова Ольга Сергеевна",
        "email": "o.petrova@neva-trade.ru",
        "created_at": "25.11.2026 10:00",
        "state": "open",
    },
}

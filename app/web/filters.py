"""What every template may call: moments, amounts and deadlines worded for the reader's language, phones, sizes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from flask_babel import get_locale
from markupsafe import Markup

from app import durations, phones, wordings
from app.clock import now
from app.config import CONFIG_KEY, settings
from app.moments import NBSP, Deadline
from app.translate import speaks_source
from app.web.translate import _

_KILOBYTE = 1024


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(desk=app.config[CONFIG_KEY], deadline_of=deadline_of, now=now, get_locale=get_locale)
    app.jinja_env.globals["unchanging"] = _rendered_once(app)
    app.jinja_env.filters.update(
        iso=durations.iso,
        moment=moment,
        short_moment=short_moment,
        clock_time=clock_time,
        due_moment=due_moment,
        due_words=due_words,
        hours=hours_words,
        time_today=time_today,
        phone=phones.shown,
        day_moment=day_moment,
        amount=amount,
        size=size,
        tel=tel,
    )


def _rendered_once(app: Flask) -> Callable[[str], Markup]:
    """Templates that depend on the settings and the language alone."""
    kept: dict[tuple[str, str], Markup] = {}

    def render(template: str) -> Markup:
        key = (template, str(get_locale()))
        if key not in kept:
            kept[key] = Markup(app.jinja_env.get_template(template).render())  # noqa: S704  a template, escaped already
        return kept[key]

    return render


def deadline_of(due_at: datetime, paused_at: datetime | None = None) -> Deadline:
    return wordings.current().deadline(due_at, settings().time_zone, now(), paused_at)  # type: ignore[no-any-return]


def moment(at: datetime) -> str:
    """«25 ноября, 11:24»."""
    return str(wordings.current().moment(at, settings().time_zone, now()))


def short_moment(at: datetime) -> str:
    """«сегодня, 11:24», «чт, 26 ноя, 18:00»."""
    return str(wordings.current().moment_short(at, settings().time_zone, now()))


def clock_time(at: datetime) -> str:
    """«11:24»."""
    return str(wordings.current().clock_time(at, settings().time_zone))


def time_today(at: datetime) -> str:
    """«9:31» today, else with its day: «вчера, 18:00»."""
    zone = settings().time_zone
    is_today = at.astimezone(zone).date() == now().astimezone(zone).date()
    return clock_time(at) if is_today else short_moment(at)


def due_moment(at: datetime) -> str:
    """«сегодня, 25 ноября, до 11:24», other days without the first word."""
    date, _comma, time = moment(at).rpartition(", ")
    near, _comma, _rest = short_moment(at).partition(", ")
    parts = [near] if near in {_("сегодня"), _("завтра")} else []
    return ", ".join([*parts, date, _("до %(time)s", time=time)])


def due_words(at: datetime) -> str:
    """«11:24, сегодня», «18:00, чт, 26 ноя»."""
    date, _comma, time = short_moment(at).rpartition(", ")
    return f"{time}, {date}"


def hours_words(elapsed: timedelta) -> str:
    """«2 часа», «1 час 30 минут»."""
    return str(wordings.current().work_amount(elapsed, round_the_clock=True))


def day_moment(at: datetime) -> str:
    """«28 ноября в 12:00»."""
    date, _comma, time = moment(at).rpartition(", ")
    return _("%(date)s в %(time)s", date=date, time=time)


def amount(elapsed: timedelta) -> str:
    """«1 ч 12 мин»."""
    return str(wordings.current().duration(elapsed))


def size(octets: int) -> str:
    """«412 КБ», «3,1 МБ»."""
    kilobytes = max(1, round(octets / _KILOBYTE))
    if kilobytes < _KILOBYTE:
        return f"{kilobytes}{NBSP}{_('КБ')}"
    megabytes = f"{kilobytes / _KILOBYTE:.1f}".removesuffix(".0")
    return f"{megabytes.replace('.', ',') if speaks_source() else megabytes}{NBSP}{_('МБ')}"


def tel(phone: str) -> str:
    """The address of a ``tel:`` link: «(812) 363-17-87» becomes +78123631787; ten digits are Russian."""
    digits = re.sub(r"\D", "", phone)
    if len(digits) == 10:
        digits = f"7{digits}"
    elif len(digits) == 11 and digits[0] == "8":
        digits = f"7{digits[1:]}"
    return f"+{digits}"

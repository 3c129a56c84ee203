"""The sections that a member of staff can reach: those that their role may open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, url_for
from flask_babel import lazy_gettext
from flask_login import current_user

from app import complaints
from app.actor import Actor
from app.clock import now
from app.policy import Act, may
from app.reading import escalations, letters
from app.rights import RIGHTS


@dataclass(frozen=True)
class Section:
    name: str
    href: str
    label: str
    count: int = 0


# Section, label, endpoint of its front page.
_SECTIONS = (
    ("queue", lazy_gettext("Заявки"), "queue.index"),
    ("escalations", lazy_gettext("Эскалации"), "escalations.index"),
    ("complaints", lazy_gettext("Жалобы"), "complaints.index"),
    ("letters", lazy_gettext("Письма"), "letters.index"),
    ("reports", lazy_gettext("Отчёты"), "reports.index"),
    ("companies", lazy_gettext("Клиенты"), "companies.index"),
)
_COUNTS: dict[str, Callable[[Actor], int]] = {
    "escalations": lambda actor: escalations.waiting_count(actor.staff_id, now()),
    "complaints": complaints.open_count,
    "letters": lambda _actor: letters.undecided_count(),
}


def init_app(app: Flask) -> None:
    app.jinja_env.globals["staff_nav"] = staff_nav
    app.jinja_env.globals["can_administer"] = lambda: may(current_user.actor, Act.ADMINISTER)


def staff_nav() -> list[Section]:
    """Links of the staff header, in the order of the design."""
    actor = current_user.actor if current_user.is_authenticated else None
    return [
        Section(name, url_for(endpoint), str(label), _COUNTS[name](actor) if actor and name in _COUNTS else 0)
        for name, label, endpoint in _SECTIONS
        if may(actor, RIGHTS[endpoint])
    ]

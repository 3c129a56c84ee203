"""The administrator's page of the settings: what is in effect, what it does, and where to change it."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for

from app.reading import desk_findings
from app.reading import settings as reading
from app.web.translate import _
from app.web.viewer import reader

bp = Blueprint("settings", __name__)


@bp.get("/settings")
def index() -> str:
    return render_template(
        "settings/index.html", findings=desk_findings.found(), places=_places(), groups=reading.shown(reader())
    )


def _places() -> list[tuple[str, str, str]]:
    """What is edited on pages: address, name, what stands there."""
    return [
        (url_for("staff.index"), _("Сотрудники"), _("кто входит и с какими правами")),
        (url_for("tokens.index"), _("Токены API"), _("какие программы входят вместо людей")),
        (url_for("duty.index"), _("Дежурства"), _("кто отвечает за заявки, которые никто не взял")),
        (url_for("companies.index"), _("Клиенты и договоры"), _("сроки каждой компании и куда ей писать")),
        (url_for("calendars.index"), _("Рабочие календари"), _("рабочие часы, праздники, переносы")),
        (url_for("thresholds.index"), _("Пороги эскалаций"), _("когда заявка попадает к руководителю и кого звать")),
        (url_for("mail_templates.index"), _("Тексты писем"), _("тема и первые слова уведомлений")),
        (url_for("answer_templates.index"), _("Шаблоны ответов"), _("готовые ответы инженеров")),
    ]

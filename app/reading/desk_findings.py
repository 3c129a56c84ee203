"""What is not well with the desk, in words for an administrator: what the doctor's quick checks found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from app import heartbeats
from app.config import settings
from app.doctor.checks import examined, quick_checks
from app.doctor.findings import Finding, Level
from app.translate import _


@dataclass(frozen=True, slots=True)
class Line:
    """One finding. ``href``, ``label``: the page where it is mended, if there is one."""

    sentence: str
    is_failure: bool
    href: str = ""
    label: str = ""


def found() -> list[Line]:
    """What is not well, failures first; nothing where all is."""
    findings = [finding for finding in map(examined, quick_checks()) if finding.level is not Level.OK]
    sentences = _sentences() if findings else {}
    lines = [_line(finding, sentences) for finding in findings]
    return sorted(lines, key=lambda line: not line.is_failure)


def _line(finding: Finding, sentences: Mapping[str, str]) -> Line:
    unknown = _("Проверка «%(name)s» не прошла: запустите на сервере flask doctor.", name=finding.name)
    sentence = sentences.get(finding.name, unknown) if finding.is_made else unknown
    if finding.is_made and finding.name == "processes":
        sentence = _("Молчат процессы: %(names)s. Запустите bin/run.", names=", ".join(heartbeats.silent()))
    place = {"duty": ("duty.index", _("Дежурства")), "complaints": ("staff.index", _("Сотрудники"))}.get(finding.name)
    href, label = (url_for(place[0]), place[1]) if place else ("", "")
    return Line(sentence, finding.level is Level.FAIL, href, label)


def _sentences() -> Mapping[str, str]:
    """By the names of the doctor's findings."""
    head = settings().head_email
    return {
        "settings": _("В папку DATA_DIR нельзя писать: отдайте её пользователю, под которым работает HelpDesk."),
        "address": _("Сайт открывается без https: пароли и ссылки идут открыто. Поставьте TLS, поправьте PUBLIC_URL."),
        "database": _("PostgreSQL может потерять записанное: включите synchronous_commit."),
        "migrations": _("База данных другой версии, чем программа: выполните flask db upgrade."),
        "redis": _("Redis не отвечает: всё работает, но медленнее. Запустите его или поправьте REDIS_URL."),
        "smtp": _("Письма никуда не уходят: не задан MAIL_SERVER."),
        "paging": _("Дежурных нечем позвать: задайте MAIL_SERVER, TELEGRAM_BOT_TOKEN или PAGE_WEBHOOK_URL."),
        "duty": _("В ближайшие дни есть часы, когда никто не дежурит."),
        "complaints": _("Жалобу на %(head)s некому прочитать: нужен второй руководитель.", head=head),
        "disk": _("На диске под DATA_DIR мало места: освободите его или перенесите DATA_DIR."),
        "clock": _("Часы этой машины расходятся с часами базы или Redis: включите NTP."),
    }

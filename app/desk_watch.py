"""Tells the manager what the desk itself suffers: a disk that fills up, work that nobody does, letters left unread."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta

from sqlalchemy import func, literal_column, select

from app import database, escalations, health, heartbeats, outbox
from app.config import settings
from app.extensions import db
from app.models.letter import DISCARDED, Letter
from app.models.running import Sweep
from app.models.words import LetterState
from app.translate import _
from app.troubles import Trouble

NAME = "desk watch"
ROUND = timedelta(minutes=1)
GIGABYTE = 1 << 30
LEAST_FREE = 2 * GIGABYTE  # under DATA_DIR, where ``flask doctor`` warns as well
UNDONE_AFTER = timedelta(minutes=15)
UNREAD_AFTER = timedelta(hours=24)
_DISK, _UNREAD = "disk", Trouble.UNREAD_LETTERS.removeprefix(Trouble.DESK.of(""))


def watch(moment: datetime) -> None:
    """Once a minute: open an escalation for each trouble seen twice in a row, settle those that are over."""
    with database.reading():
        last = db.session.get(Sweep, NAME, populate_existing=True)
        suspects = set(last.error.split(",")) if last is not None else set()
        is_due = last is None or abs(moment - last.ended_at) >= ROUND
        troubles = _troubles(moment) if is_due else {}
        told = escalations.known(Trouble.DESK) if is_due else set()
        db.session.rollback()
    if not is_due:
        return
    with outbox.transaction():
        for name in sorted(troubles.keys() & suspects - told):
            escalations.report_system(Trouble.DESK.of(name), troubles[name], moment)
        for name in sorted(told - troubles.keys()):
            escalations.settle_system(Trouble.DESK.of(name), moment)
        heartbeats.job_ended(NAME, moment, len(troubles))
        db.session.get_one(Sweep, NAME, populate_existing=True).error = ",".join(sorted(troubles))


def _troubles(moment: datetime) -> dict[str, str]:
    """What is wrong now, in words, by its name."""
    stopped = ((name, work) for name, work in health.undone(moment).items() if work.age >= UNDONE_AFTER)
    troubles = {f"work {name}": _stopped(name, work) for name, work in stopped}
    if disk := _disk():
        troubles[_DISK] = disk
    if unread := _unread(moment):
        troubles[_UNREAD] = unread
    return troubles


def _stopped(name: str, work: health.Undone) -> str:
    what = {
        "events": _("уведомления не готовятся"),
        "deliveries": _("письма не отправляются"),
        "letters": _("входящие письма не разбираются"),
        "updates": _("сообщения в Телеграме не разбираются"),
        "messages": _("ответы в Телеграм не уходят"),
        "alarms": _("сроки не проверяются"),
    }.get(name, name)
    return _(
        "Работа стоит %(minutes)s мин: %(what)s (%(count)s). Посмотрите журналы процессов и /readyz.",
        minutes=work.age // timedelta(minutes=1),
        what=what,
        count=work.count,
    )


def _disk() -> str:
    try:
        free = shutil.disk_usage(settings().data_dir).free
    except OSError as error:
        return _("Диск под DATA_DIR не отвечает: %(error)s.", error=error.strerror)
    if free >= LEAST_FREE:
        return ""
    return _("На диске под DATA_DIR мало места, осталось меньше 2 ГБ. Освободите место или перенесите DATA_DIR.")


def _unread(moment: datetime) -> str:
    """Letters that no request belongs to and nobody has decided on for a day."""
    query = select(func.count(), func.min(Letter.received_at)).where(
        literal_column("letters.state IN ('quarantined', 'failed')"),  # as in the partial index, word for word
        Letter.copy_of_id.is_(None),
        Letter.state == LetterState.QUARANTINED,  # one that failed has its request before the manager
        Letter.error != DISCARDED,
        Letter.received_at <= moment - UNREAD_AFTER,
    )
    count, oldest = db.session.execute(query).one()
    if not count:
        return ""
    since = oldest.astimezone(settings().time_zone)
    return _(
        "Писем без заявки, по которым никто не решил больше суток: %(count)s, первое с %(since)s.",
        count=count,
        since=f"{since:%d.%m %H:%M}",
    )

"""One line of a request's history in plain words."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row as Columns

from app import durations
from app.escalations import headline
from app.models.words import Cause, EventKind
from app.policy import may_read_event
from app.reading.reader import Reader
from app.translate import _

# What an act may have been decided on; none of it tells of a complaint.
DECISIVE = frozenset(
    {
        EventKind.TAKEN,
        EventKind.RELEASED,
        EventKind.ASSIGNED,
        EventKind.ANSWERED,
        EventKind.URGENT,
        EventKind.MOVED,
        EventKind.HELD,
        EventKind.SOLVED,
        EventKind.REOPENED,
        EventKind.CLOSED,
    }
)


def happening(event: Columns[Any], reader: Reader, engineer_id: int | None, *, is_manager: bool) -> str:
    """The event as a sentence; empty where there is nothing to say or it is not for this reader.

    ``engineer_id``: whose request it is.
    """
    if not may_read_event(event.kind, event.data, engineer_id, staff_id=reader.staff_id, is_manager=is_manager):
        return ""
    who = event.actor_name or _("HelpDesk")
    is_mine = event.staff_id is not None and event.staff_id == reader.staff_id
    return _own(event) if is_mine and _own(event) else _told(event, who, reader)


def _own(event: Columns[Any]) -> str:
    if event.kind is EventKind.RELEASED and event.data.get("reason"):
        return _("Вы вернули заявку в очередь: %(reason)s", reason=event.data["reason"])
    return {
        EventKind.TAKEN: _("Вы взяли заявку"),
        EventKind.RELEASED: _("Вы вернули заявку в очередь"),
        EventKind.RECALLED: _("Вы отменили отправку, клиент ничего не получил"),
        EventKind.TOLD: _("Вы сообщили о решении по телефону"),
        EventKind.ACKNOWLEDGED: _("Вы взяли заявку на контроль"),
        EventKind.REOPENED: _("Вы открыли заявку заново"),
    }.get(event.kind, "")


def _told(event: Columns[Any], who: str, reader: Reader) -> str:
    data = event.data
    match event.kind:
        case EventKind.ASSIGNED:
            return _("Исполнитель: %(engineer)s, назначено: %(who)s", engineer=data.get("engineer", ""), who=who)
        case EventKind.URGENT if data.get("urgency") == "urgent":
            return _("Заявка объявлена срочной: %(who)s", who=who)
        case EventKind.MOVED:
            return _moved(data, who, reader)
        case EventKind.RATED:
            return _("Оценка клиента: %(rating)s", rating=data.get("rating", ""))
        case EventKind.HELD | EventKind.RELEASED if said := _passed(event, who):
            return said
        case EventKind.REMINDED if data.get("about") == "closing":
            return _("Клиенту напомнили о скором закрытии")
        case EventKind.MERGED | EventKind.UNMERGED | EventKind.GROUPED if said := _joint(event, who):
            return said
        case EventKind.IDENTIFIED:
            return _("Компания уточнена: %(company)s (%(who)s)", company=data.get("company") or _("нет"), who=who)
        case EventKind.ESCALATED:
            return _("Руководитель видит: %(cause)s", cause=headline(Cause(data["cause"])))
    left = _("; не на смене: %(name)s", name=data["left"]) if data.get("left") else ""
    return _plain(event.kind, who) + left


def _passed(event: Columns[Any], who: str) -> str:
    """The ball went to a third party or came back; empty where the plain words say it all."""
    data, reason = event.data, event.data.get("reason", "")
    if data.get("due_at"):
        return _("Дождались третью сторону, её время прибавлено к сроку (%(who)s)", who=who)
    if event.kind is EventKind.RELEASED:
        return _("Заявка возвращена в очередь (%(who)s): %(reason)s", who=who, reason=reason) if reason else ""
    if data.get("about") == "look_again":
        return _("Пора снова посмотреть, что у третьей стороны: %(reason)s", reason=reason)
    if data.get("holder") == "third_party":
        return _("Ждём третью сторону: %(reason)s (%(who)s)", reason=reason, who=who)
    return ""


def _joint(event: Columns[Any], who: str) -> str:
    """Requests became one or are two again, or share a trouble; empty for rows that do not say which."""
    if event.kind is EventKind.GROUPED:
        title = event.data.get("title", "")
        if event.data.get("is_out"):
            return _("Убрана из общего сбоя «%(title)s» (%(who)s)", title=title, who=who)
        return _("Часть общего сбоя «%(title)s» (%(who)s)", title=title, who=who)
    into, joined, is_merged = event.data.get("into"), event.data.get("joined"), event.kind is EventKind.MERGED
    if into and is_merged:
        return _("Объединена с заявкой %(number)s (%(who)s)", number=into, who=who)
    if into:
        return _("Отделена от заявки %(number)s (%(who)s)", number=into, who=who)
    if joined and is_merged:
        return _("Присоединена заявка %(number)s (%(who)s)", number=joined, who=who)
    return _("Отделена заявка %(number)s (%(who)s)", number=joined, who=who) if joined else ""


def _plain(kind: EventKind, who: str) -> str:
    return {
        EventKind.REGISTERED: _("Заявка зарегистрирована: %(who)s", who=who),
        EventKind.TAKEN: _("Заявку взял(а) %(who)s", who=who),
        EventKind.RELEASED: _("Заявка возвращена в очередь: %(who)s", who=who),
        EventKind.URGENT: _("Срочность снята: %(who)s", who=who),
        EventKind.REOPENED: _("Заявка открыта заново: %(who)s", who=who),
        EventKind.CLOSED: _("Заявка закрыта: клиент не возразил"),
        EventKind.COMPLAINED: _("Жалоба руководителю: %(who)s", who=who),
        EventKind.ACKNOWLEDGED: _("Руководитель взял на контроль: %(who)s", who=who),
        EventKind.MERGED: _("Заявка объединена: %(who)s", who=who),
        EventKind.BOUNCED: _("Письмо клиенту вернулось"),
        EventKind.RECALLED: _("Отправка отменена: %(who)s", who=who),
        EventKind.HELD: _("Ход снова у инженера: %(who)s", who=who),
        EventKind.REMINDED: _("Клиенту напомнили, что мы ждём ответа"),
        EventKind.TOLD: _("О решении сообщили по телефону: %(who)s", who=who),
        EventKind.RETURNED: _("Клиент молчит 10 рабочих дней: заявка снова у инженера"),
        EventKind.ANSWERED: _("Клиент ответил: %(who)s", who=who),
        EventKind.REPLIED: _("Ответ клиенту: %(who)s", who=who),
        EventKind.ASKED: _("Вопрос клиенту: %(who)s", who=who),
        EventKind.NOTED: _("Заметка: %(who)s", who=who),
        EventKind.SOLVED: _("Заявка решена: %(who)s", who=who),
        EventKind.ERASED: _("Имена, тексты и файлы стёрты по просьбе человека: %(who)s", who=who),
    }.get(kind, "")


def _moved(data: dict[str, Any], who: str, reader: Reader) -> str:
    try:
        due = reader.short_moment(durations.parse_moment(str(data.get("due_at", ""))))
    except ValueError:
        due = ""
    return _("Срок перенесён на %(due)s: %(reason)s (%(who)s)", due=due, reason=data.get("reason", ""), who=who)

"""What the bot asks at each step: one question a message, with its buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select

from app import phones
from app.config import settings
from app.extensions import db
from app.intake.telegram.dialogue import draft as drafts
from app.intake.telegram.dialogue import writer
from app.intake.telegram.dialogue.bot import Bot, at_most, in_one_line
from app.intake.telegram.dialogue.draft import Draft
from app.intake.telegram.dialogue.steps import ABOUT_ONESELF, DRAFTING, Step, read
from app.models.ticket import Ticket
from app.presses import Press, button
from app.translate import _

_LONGEST_SHOWN = 1500  # characters of a request's text in the last look at it
TITLE_SHOWN = 60


def ask(bot: Bot, step: Step, before: str = "") -> None:
    """Ask the question of a step; ``before``: what is said in front of it."""
    bot.go_to(step)
    _QUESTIONS[step](bot, f"{before} " if before and not before.endswith("\n") else before)


def go_on(bot: Bot, before: str = "") -> bool:
    """Ask what the request being put together still needs; False: there is none."""
    step = drafts.of(bot.chat).next_step(is_acquainted=writer.is_acquainted(bot.chat))
    if step is None:
        bot.go_to(None)
        return False
    ask(bot, step, before)
    return True


def ask_again(bot: Bot) -> None:
    """After an answer to something else: the question that still stands, if there is one."""
    step, _argument = read(bot.chat.step)
    if step in ABOUT_ONESELF:
        ask(bot, step)
    elif step in DRAFTING and not drafts.of(bot.chat).is_empty:
        go_on(bot)


def titled(ticket: Ticket) -> str:
    """«48217 «Не открывается 1С»»."""
    return f"{ticket.number} «{in_one_line(ticket.title, TITLE_SHOWN)}»"


def cancel(bot: Bot) -> list[dict[str, str]]:
    """``⟨Отмена⟩`` is there at every step; the same word typed does the same."""
    return [button(_("Отмена"), Press.CANCEL, drafts.of(bot.chat).key)]


def cancel_step() -> list[dict[str, str]]:
    """The same for a question beside the request being put together, which stays."""
    return [button(_("Отмена"), Press.CANCEL, "step")]


def _who(bot: Bot, before: str) -> None:
    share: list[dict[str, Any]] = [{"text": _("Передать номер"), "contact": True}, {"text": _("Ввести вручную")}]
    text = _("Чтобы найти ваш договор, нажмите кнопку ниже: телеграм передаст нам номер телефона.")
    bot.say(before + text, keyboard=[share, [{"text": _("Отмена")}]])


def typed_rows(*, can_share: bool = False) -> list[list[dict[str, Any]]]:
    """The keyboard while something about oneself is being typed."""
    rows: list[list[dict[str, Any]]] = [[{"text": _("Пропустить")}, {"text": _("Отмена")}]]
    return [[{"text": _("Передать номер"), "contact": True}], *rows] if can_share else rows


def _typed(question: Callable[[], str], *, can_share: bool = False) -> Callable[[Bot, str], None]:
    return lambda bot, before: bot.say(before + question(), keyboard=typed_rows(can_share=can_share))


def _what(bot: Bot, before: str) -> None:
    draft = drafts.of(bot.chat)
    send = [] if draft.is_empty or draft.is_rewritten else [button(_("Отправить как есть"), Press.SEND, draft.key)]
    bot.say(before + _("Опишите проблему: что случилось?"), send, cancel(bot))


def _whose(bot: Bot, before: str) -> None:
    text = _("У кого это и где? Например: «вся бухгалтерия, Лиговский 50, офис 312».")
    usual = button(_("У меня, на обычном месте"), Press.USUAL, drafts.of(bot.chat).key)
    bot.say(before + text, [usual], cancel(bot))


def _urgency(bot: Bot, before: str) -> None:
    key, span = drafts.of(bot.chat).key, at_most(settings().urgent_solve_within)
    urgent = _("Срочная: не позже %(time)s, если это технически возможно", time=span)
    bot.say(
        before + _("Насколько срочно?"),
        [button(_("Обычная: срок по договору"), Press.URGENCY, key, "normal")],
        [button(urgent, Press.URGENCY, key, "urgent")],
        cancel(bot),
    )


def _files(bot: Bot, before: str) -> None:
    text = _("Пришлите снимок экрана, фото или ссылку, если есть.")
    bot.say(before + text, [button(_("Отправить без файлов"), Press.NO_FILES, drafts.of(bot.chat).key)], cancel(bot))


def _check(bot: Bot, before: str) -> None:
    draft = drafts.of(bot.chat)
    bot.say(
        before + _("Проверьте заявку:") + "\n\n" + summary(bot, draft),
        [button(_("Отправить заявку"), Press.SEND, draft.key), button(_("Исправить"), Press.FIX, draft.key)],
        cancel(bot),
    )


def summary(bot: Bot, draft: Draft) -> str:
    """The request as it would be sent."""
    who = writer.of(bot.chat)
    text = draft.text if len(draft.text) <= _LONGEST_SHOWN else draft.text[:_LONGEST_SHOWN].rstrip() + "…"
    place = ", ".join(filter(None, (draft.whose, draft.where)))
    urgency = _("Срочная.") if draft.is_urgent else _("Обычная.")
    contacts = ", ".join(filter(None, (who.name, who.company if not who.name else "", phones.shown(who.phone))))
    lines = (
        text or _("(без текста)"),
        _("У кого и где: %(place)s", place=place) if place else "",
        _("Ссылки: %(links)s", links=in_one_line(draft.links, _LONGEST_SHOWN)) if draft.links else "",
        _("%(urgency)s Файлов: %(count)s", urgency=urgency, count=len(draft.files)) if draft.files else urgency,
        contacts or who.email,
    )
    return "\n".join(line for line in lines if line)


def _fix(bot: Bot, before: str) -> None:
    draft = drafts.of(bot.chat)
    kinds = [(_("Что случилось"), "what"), (_("У кого и где"), "whose"), (_("Срочность"), "urgency")]
    kinds += [(_("Файлы"), "files")] if draft.files or draft.links else []
    kinds += [] if bot.chat.person_id or bot.chat.staff_id else [(_("Контакты"), "who")]
    buttons = [button(text, Press.FIX, draft.key, kind) for text, kind in kinds]
    back = button(_("Ничего, отправить"), Press.SEND, draft.key)
    bot.say(before + _("Что исправить?"), buttons[:2], buttons[2:], [back], cancel(bot))


def _choose(bot: Bot, before: str) -> None:
    draft = drafts.of(bot.chat)
    query = select(Ticket).where(Ticket.number.in_(draft.numbers)).order_by(Ticket.touched_at.desc())
    found = list(db.session.scalars(query))
    rows = [
        [button(_("К заявке %(number)s", number=ticket.number), Press.CHOOSE, draft.key, ticket.number)]
        for ticket in found
    ]
    bot.say(before + _choice(found), *rows, [button(_("Новая заявка"), Press.CHOOSE, draft.key, "new")], cancel(bot))


def _choice(found: Sequence[Ticket]) -> str:
    if len(found) != 1:
        listed = "\n".join(titled(ticket) for ticket in found)
        return _("Это дополнение к одной из заявок или новая?") + "\n" + listed
    if found[0].is_active:
        return _("Это дополнение к заявке %(ticket)s или новая?", ticket=titled(found[0]))
    return _("Это о решённой заявке %(ticket)s или новая?", ticket=titled(found[0]))


_QUESTIONS: dict[Step, Callable[[Bot, str], None]] = {
    Step.WHO: _who,
    Step.COMPANY: _typed(lambda: _("Как называется ваша компания?")),
    Step.NAME: _typed(lambda: _("Как вас зовут? Напишите фамилию, имя и отчество.")),
    Step.EMAIL: _typed(lambda: _("Напишите ваш e-mail: на него уйдёт номер заявки.")),
    Step.PHONE: _typed(lambda: _("По какому телефону вам позвонить, если нужно уточнить?"), can_share=True),
    Step.CHOOSE: _choose,
    Step.WHAT: _what,
    Step.WHOSE: _whose,
    Step.URGENCY: _urgency,
    Step.FILES: _files,
    Step.CHECK: _check,
    Step.FIX: _fix,
}

"""Who writes, asked once: the number that Telegram hands over, or company, name, e-mail and phone one after another."""

from __future__ import annotations

import re

from app import pairing, phones
from app.config import settings
from app.intake.intake import LONGEST, address_error
from app.intake.telegram.dialogue import draft as drafts
from app.intake.telegram.dialogue import drafting, proof, special_files, understanding, writer
from app.intake.telegram.dialogue.bot import Bot
from app.intake.telegram.dialogue.questions import ask, go_on, typed_rows
from app.intake.telegram.dialogue.steps import ABOUT_ONESELF, Step, read
from app.intake.telegram.turn import Turn
from app.presses import Press, button
from app.translate import _

OUTCOMES = frozenset({"by hand", "acquainted", "foreign contact"})
"""What becomes of answers about who writes."""

_NEXT = {Step.COMPANY: Step.NAME, Step.NAME: Step.EMAIL, Step.EMAIL: Step.PHONE}
_FIELDS = {Step.COMPANY: "company", Step.NAME: "name", Step.EMAIL: "email", Step.PHONE: "phone"}
_PHONE = re.compile(r"[+\d][\d\s()\u00a0-]{8,22}\d")


def start(bot: Bot, turn: Turn) -> str:
    """/start: a link that proves who comes, or the first words of the acquaintance."""
    if turn.argument:
        return proof.by_link(bot, turn.argument)
    if writer.is_acquainted(bot.chat):
        bot.say(_("Здравствуйте! Чтобы оставить заявку, просто опишите проблему."), keyboard=bot.menu)
        go_on(bot)
        return "greeted"
    firm = settings().firm_mark
    hello = _("Здравствуйте! Это техническая поддержка «%(firm)s».", firm=firm)
    ask(bot, Step.WHO, hello + " " + _("Здесь можно оставить заявку и узнать, как идёт работа.") + "\n")
    return "greeted"


def who(bot: Bot, turn: Turn) -> str:
    """After «передайте номер»: by hand, or words about the matter itself, which are never lost."""
    if not turn.files:
        if understanding.is_by_hand(turn.text) or understanding.is_no(turn.text) or understanding.is_skip(turn.text):
            ask(bot, Step.COMPANY)
            return "by hand"
        if phone := _phone_in(turn.text):
            writer.note(bot.chat, phone=phone)
            ask(bot, Step.COMPANY)
            return "by hand"
    return drafting.words(bot, turn)


def contact(bot: Bot, turn: Turn) -> str:
    """A number handed over. Only one's own tells who writes."""
    assert turn.contact is not None
    step, _argument = read(bot.chat.step)
    if not turn.contact.is_own:
        return _foreign_contact(bot, turn)
    if pairing.staff_of(bot.chat) is not None:
        bot.say(_("Этот чат подключён к сотруднику HelpDesk, номер не нужен."), keyboard=bot.menu)
        return "staff"
    writer.note(bot.chat, own_phone=turn.contact.phone)
    if (person := pairing.person_of(bot.chat)) is not None:
        if number := phones.e164(turn.contact.phone):
            pairing.confirm_phone(person, number)
    elif owner := pairing.owner_of(turn.contact.phone):
        return proof.confirm(bot, owner, "contact")
    elif not writer.is_acquainted(bot.chat) and step is not Step.PHONE:
        ask(bot, Step.COMPANY, _("Этого номера у нас пока нет."))
        return "by hand"
    return _done(bot, _("Номер записали, спасибо."))


def _foreign_contact(bot: Bot, turn: Turn) -> str:
    assert turn.contact is not None
    if read(bot.chat.step)[0] in ABOUT_ONESELF:
        writer.note(bot.chat, phone=turn.contact.phone)
        text = _("Это контакт другого человека: договор по нему не показываем, но для связи записали.")
        ask(bot, Step.COMPANY, text)
        return "by hand"
    bot.say(
        _("Это контакт другого человека, по нему мы вас не узнаем. Если он нужен для заявки, напишите его текстом.")
    )
    return "foreign contact"


def company(bot: Bot, turn: Turn) -> str:
    return _typed(bot, turn, Step.COMPANY)


def name(bot: Bot, turn: Turn) -> str:
    return _typed(bot, turn, Step.NAME)


def email(bot: Bot, turn: Turn) -> str:
    if not turn.text or turn.files or understanding.is_skip(turn.text):
        return _typed(bot, turn, Step.EMAIL)
    typed = understanding.email_in(turn.text)
    wrong = address_error(typed)
    if wrong is None:
        return _noted(bot, Step.EMAIL, typed)
    what = _("Похоже, в адресе опечатка.") if "@" in typed else _("В адресе не хватает знака @.")
    again = _("Пришлите e-mail ещё раз, на него уйдёт номер заявки.")
    bot.say(f"{what} {again}", keyboard=typed_rows())
    return "refused"


def phone(bot: Bot, turn: Turn) -> str:
    if not turn.text or turn.files or understanding.is_skip(turn.text):
        return _typed(bot, turn, Step.PHONE)
    number = _phone_in(turn.text) or phones.e164(turn.text) or turn.text
    if sum(char.isdigit() for char in number) >= 3 and len(number) <= LONGEST["phone"]:
        return _noted(bot, Step.PHONE, number)
    again = _("В телефоне не хватает цифр. Пришлите номер ещё раз, например +7 812 363-17-87.")
    bot.say(again, keyboard=typed_rows(can_share=True))
    return "refused"


def _typed(bot: Bot, turn: Turn, step: Step) -> str:
    """The answer in words; what cannot be one is about the matter itself, and the question stands."""
    field = _FIELDS[step]
    if turn.files or not turn.text or len(turn.text) > LONGEST.get(field, 200) or "\n" in turn.text:
        if special_files.refuse_too_large(bot, turn) and not (turn.text or turn.files):
            return "too large"
        ask(bot, step, drafting.take(bot, turn))
        return "draft"
    return _noted(bot, step, "" if understanding.is_skip(turn.text) else turn.text)


def _noted(bot: Bot, step: Step, value: str) -> str:
    writer.note(bot.chat, **{_FIELDS[step]: value})
    following = _NEXT.get(step)
    if following is None or (following is Step.PHONE and bot.chat.typed.get(writer.OWN_PHONE)):
        return _done(bot, _("Спасибо, записали."))
    ask(bot, following)
    return "by hand"


def _done(bot: Bot, thanks: str) -> str:
    """All is asked: on with the request, or an invitation to make one."""
    writer.note(bot.chat, acquainted="yes")
    has_draft = not drafts.of(bot.chat).is_empty
    bot.say(
        thanks if has_draft else thanks + " " + _("Чтобы оставить заявку, просто опишите проблему."), keyboard=bot.menu
    )
    if not go_on(bot) and bot.chat.person_id is None and bot.chat.typed.get("email"):
        text = _("Чтобы видеть здесь и заявки, отправленные письмом или с сайта, подтвердите свой e-mail.")
        bot.say(text, [button(_("Подтвердить e-mail"), Press.PAIR)])
    return "acquainted"


def _phone_in(text: str) -> str:
    """The number, where the words are nothing but one."""
    return phones.e164(text) or "" if _PHONE.fullmatch(text.strip()) else ""

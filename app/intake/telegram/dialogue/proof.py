"""Proof of who writes: one's own number, a link from a letter, a code mailed to the address; and its end, /stop."""

from __future__ import annotations

from app import chats, pairing
from app.extensions import db
from app.intake.intake import address_error
from app.intake.telegram.dialogue import draft as drafts
from app.intake.telegram.dialogue import drafting, requests, special_files, understanding, writer
from app.intake.telegram.dialogue.bot import Bot
from app.intake.telegram.dialogue.questions import ask, cancel_step, go_on
from app.intake.telegram.dialogue.steps import Step, read
from app.intake.telegram.turn import Turn
from app.models.company import Company
from app.models.person import Person
from app.presses import Press, button
from app.translate import _

WRONG_CODE = "wrong code"
OUTCOMES = frozenset({WRONG_CODE, "dead code", "paired", "code mailed", "too many codes", "address"})
"""What becomes of words that prove who writes: a later edit of them proves nothing."""

_CODE_DIGITS = 6


def by_link(bot: Bot, payload: str) -> str:
    """A start link: of a person (asked once more), of a member of staff, or of one request."""
    opened = pairing.read_start(payload)
    if opened is None:
        text = _("Эта ссылка уже не действует. Возьмите новую: из свежего письма или со страницы заявки.")
        bot.say(text, keyboard=bot.menu)
        return "dead link"
    if opened.staff is not None:
        pairing.pair_staff(bot.chat, opened.staff, bot.at)
        name = opened.staff.name
        text = _("%(name)s, чат подключён: сюда будут приходить уведомления HelpDesk. Отключить: /stop", name=name)
        bot.say(text, keyboard=bot.menu)
        return "staff paired"
    if opened.ticket is not None:
        chats.follow(bot.chat, opened.ticket)
        db.session.flush()
        bot.say(_("Заявка подключена к этому чату: о ней будем писать и сюда."), keyboard=bot.menu)
        return requests.card(bot, opened.ticket)
    assert opened.person is not None
    return confirm(bot, opened.person, "link")


def confirm(bot: Bot, person: Person, how: str) -> str:
    """«Всё верно?»: what we know, to who has shown to be the one."""
    company = db.session.get(Company, person.company_id) if person.company_id else None
    known = ", ".join(filter(None, (person.name, company.name if company else "", person.email)))
    bot.go_to(Step.CONFIRM, f"{how}:{person.id}:{pairing.stamp()}")
    yes, no = button(_("Да, это я"), Press.OWN, value="yes"), button(_("Это не я"), Press.OWN, value="no")
    bot.say(_("%(known)s. Всё верно?", known=known), [yes, no])
    return "confirm"


def words(bot: Bot, turn: Turn) -> str:
    """The answer to «Всё верно?» in words; other words are about the matter itself, and the question stands."""
    if not turn.files and (understanding.is_yes(turn.text) or understanding.is_no(turn.text)):
        return own(bot, is_own=understanding.is_yes(turn.text))
    special_files.refuse_too_large(bot, turn)
    if turn.text or turn.files:
        drafting.take(bot, turn)
    person, how = _asked_about(bot)
    return confirm(bot, person, how) if person else drafting.words(bot, turn)


def own(bot: Bot, *, is_own: bool) -> str:
    """«Да, это я» or «Это не я», also pressed late or twice."""
    person, how = _asked_about(bot)
    if person is not None and is_own:
        pairing.pair_person(bot.chat, person, how, bot.at)
        return welcome(bot, person)
    if person is None and (is_own or bot.chat.paired_by != "contact"):
        return _settled_already(bot)
    if bot.chat.paired_by == "contact":
        pairing.unpair(bot.chat, bot.at)
    writer.note(bot.chat, acquainted="")
    ask(bot, Step.COMPANY)
    return "by hand"


def welcome(bot: Bot, person: Person) -> str:
    """Paired: all requests of the person are open to this chat."""
    writer.note(bot.chat, acquainted="yes")
    text = _("Спасибо, нашли ваш договор.") if person.company_id else _("Спасибо, мы вас узнали.")
    if drafts.of(bot.chat).is_empty:
        text += " " + _("Чтобы оставить заявку, просто опишите проблему.")
    bot.say(text, keyboard=bot.menu)
    go_on(bot)
    return "paired"


def by_code(bot: Bot) -> str:
    """«Показать все мои заявки», «Подтвердить e-mail»: a code goes to the address."""
    if bot.chat.person_id is not None or bot.chat.staff_id is not None:
        return _settled_already(bot)
    if email := bot.chat.typed.get("email", ""):
        return _mail(bot, email)
    bot.say(_("На какой e-mail отправить код? Подойдёт адрес, с которого вы нам пишете."), cancel_step())
    bot.go_to(Step.ADDRESS)
    return "address"


def address(bot: Bot, turn: Turn) -> str:
    """The address for the code; words that hold none are about something else."""
    typed = understanding.email_in(turn.text)
    if turn.files or "@" not in typed:
        return ""
    if address_error(typed):
        bot.say(_("Похоже, в адресе опечатка.") + " " + _("Пришлите e-mail ещё раз."), cancel_step())
        return "refused"
    writer.note(bot.chat, email=typed)
    return _mail(bot, typed)


def code(bot: Bot, turn: Turn) -> str:
    """The code from the letter, or another address for it; "": these words are neither."""
    if "@" in turn.text:
        return address(bot, turn)
    digits = "".join(turn.text.split())
    if turn.files or not (digits.isascii() and digits.isdigit() and len(digits) == _CODE_DIGITS):
        return ""
    if person := pairing.check_code(bot.chat, digits, bot.at):
        pairing.pair_person(bot.chat, person, "code", bot.at)
        bot.go_to(None)
        return welcome(bot, person)
    again = [button(_("Отправить новый код"), Press.PAIR)]
    if pairing.code_is_waiting(bot.chat, bot.at):
        bot.say(_("Код не подошёл. Проверьте цифры и пришлите ещё раз."), again, cancel_step())
        return WRONG_CODE
    bot.go_to(None)
    bot.say(_("Этот код больше не действует."), again)
    go_on(bot)
    return "dead code"


def stop(bot: Bot) -> str:
    """/stop: the chat is nobody's again."""
    was_paired = bot.chat.person_id is not None or bot.chat.staff_id is not None
    pairing.unpair(bot.chat, bot.at)
    bot.chat.typed = {}
    if was_paired:
        bot.say(_("Чат отключён: заявок и уведомлений здесь больше не будет. Подключить снова: /start"), keyboard=[])
    else:
        bot.say(_("Этот чат ни к кому не подключён. Ваши данные, набранные здесь, забыли."), keyboard=bot.menu)
    go_on(bot)
    return "unpaired"


def _mail(bot: Bot, email: str) -> str:
    if not pairing.mail_code(bot.chat, email, bot.at):
        bot.go_to(None)
        bot.say(_("Кодов отправлено слишком много. Попробуйте позже или напишите нам с этого адреса письмо."))
        go_on(bot)
        return "too many codes"
    text = _("Отправили код из 6 цифр на %(email)s. Пришлите его сюда, он действует 15 минут.", email=email)
    bot.say(text, cancel_step())
    bot.go_to(Step.CODE)
    return "code mailed"


def _asked_about(bot: Bot) -> tuple[Person | None, str]:
    """Of whom «Всё верно?» was asked last, and by what proof, while it still holds."""
    step, argument = read(bot.chat.step)
    if step is not Step.CONFIRM or argument.count(":") != 2:
        return None, ""
    how, person_id, asked = argument.split(":")
    person = db.session.get(Person, int(person_id))
    return (person, how) if person and pairing.holds(person, how, int(asked)) else (None, "")


def _settled_already(bot: Bot) -> str:
    if bot.chat.person_id is None and bot.chat.staff_id is None:
        if writer.is_acquainted(bot.chat):
            bot.say(_("Эта кнопка от прежнего сообщения. Чтобы оставить заявку, просто опишите проблему."))
            return "late"
        ask(bot, Step.WHO)
        return "late"
    bot.say(_("Мы вас уже узнали. Чтобы отключить этот чат, пришлите /stop"), keyboard=bot.menu)
    return "repeat"

"""Edited messages: each goes where the message went that was edited, in this chat, whatever was spoken of since."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app import clock, outbox, pairing, tickets
from app.extensions import db
from app.models import BotUpdate, Chat, Rating, Ticket
from app.tickets import Contribution
from tests.cast import carol as carols_person
from tests.telegram.conftest import Bot, outcomes
from tests.telegram.fake import FakeBotApi, User
from tests.telegram.fake.people import PNG
from tests.telegram.talker import said
from tests.telegram.test_dialogue_by_wire import Line

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def line(bot: Bot, carol: User) -> Line:
    """Carol, known for certain, with two requests of hers: a printer's and a cash register's."""
    carols_person().is_phone_confirmed = True
    outbox.commit()
    line = Line(bot, carol)
    carol.start()
    bot.turn()
    line.tap("Передать номер")
    line.press("Да, это я")
    for words in ("Не печатает принтер", "Не включается касса"):
        line.tap("Новая заявка")
        line.write(words)
        for label in ("У меня, на обычном месте", "Обычная: срок по договору", "Отправить без файлов"):
            line.press(label)
        line.press("Отправить заявку")
    return line


def requests() -> list[Ticket]:
    db.session.expire_all()
    return list(db.session.scalars(select(Ticket).order_by(Ticket.id)))


def edit(line: Line, message: int, text: str) -> None:
    line.user.edit(message, text)
    line.bot.turn()


@pytest.mark.trust("A13")
def test_an_answer_that_is_edited_stays_with_its_request(line: Line):
    printer, register = requests()
    line.user.press_data(f"add:{printer.number}", line.user.messages[-1])
    line.bot.turn()
    message = line.user.write("Мигает красная лампа")
    line.bot.turn()
    line.user.press_data(f"add:{register.number}", line.user.messages[-1])
    line.bot.turn()
    line.write("Кнопка не горит")
    edit(line, message, "Мигает жёлтая лампа")
    assert said(requests()[0])[-1] == "Исправление: Мигает жёлтая лампа"
    assert "лампа" not in "".join(said(requests()[1]))


def test_words_of_a_draft_that_was_sent_are_mended_on_their_request(line: Line):
    message = db.session.scalars(
        select(BotUpdate.message_id).where(BotUpdate.raw.contains("Не печатает принтер"))
    ).first()
    db.session.rollback()
    assert message
    edit(line, message, "Не печатает МФУ")
    assert said(requests()[0])[-1] == "Исправление: Не печатает МФУ"
    assert "МФУ" not in "".join(said(requests()[1]))


def test_words_of_a_draft_are_changed_in_it(line: Line):
    line.tap("Новая заявка")
    message = line.user.write("Срочно! Не печатает")
    line.bot.turn()
    line.write("в бухгалтерии")
    edit(line, message, "Не срочно. Не печатает")
    assert db.session.get_one(Chat, line.user.id).draft["text"].startswith("Не срочно. Не печатает")
    assert [len(said(ticket)) for ticket in requests()] == [1, 1]


def test_a_comment_of_a_rating_that_is_edited_stays_with_its_rating(line: Line):
    printer, register = requests()
    line.desk(lambda by, at: [tickets.solve(one, Contribution("Готово"), by, at) for one in (printer, register)])
    line.user.press_data(f"rate:{printer.number}:2", line.user.messages[-1])
    line.bot.turn()
    message = line.user.write("Приехали поздно")
    line.bot.turn()
    line.user.press_data(f"rate:{register.number}:5", line.user.messages[-1])
    line.bot.turn()
    edit(line, message, "Приехали через три часа")
    ratings = {one.ticket_id: (one.value, one.comment) for one in db.session.scalars(select(Rating))}
    assert ratings == {printer.id: (2, "Приехали через три часа"), register.id: (5, "")}
    assert [ticket.reopened_count for ticket in requests()] == [0, 0]


def test_a_code_that_is_edited_is_tried_and_reaches_no_request(bot: Bot, carol: User):
    line = Line(bot, carol)
    line.write("Не печатает принтер")
    chat = db.session.get_one(Chat, carol.id)
    assert pairing.mail_code(chat, "petrova@neva.example", clock.now())
    chat.step = "code"
    outbox.commit()
    message = carol.write("123456")
    bot.turn()
    edit(line, message, "123457")
    assert db.session.get_one(Chat, carol.id, populate_existing=True).draft["text"] == "Не печатает принтер"
    assert outcomes()[-2:] == ["wrong code", "wrong code"]


def test_another_chat_may_have_a_message_of_the_same_number(line: Line, fake: FakeBotApi):
    """Paired with the same person, so that each sees the requests of both."""
    second = Line(line.bot, fake.user("Ольга", "Петрова", phone=line.user.phone))
    second.user.start()
    line.bot.turn()
    second.tap("Передать номер")
    second.press("Да, это я")
    printer, register = requests()
    for one, ticket in ((line, printer), (second, register)):
        one.user.press_data(f"add:{ticket.number}", one.user.messages[-1])
        line.bot.turn()
    number = max(*(max(one) for one in (_numbers(line), _numbers(second)))) + 1
    for one in (line, second):
        one.user.fake.world._message_ids[one.user.id] = iter(range(number, number + 50))  # type: ignore[assignment]
    theirs, ours = line.user.write("Бумага есть"), second.user.write("Ленты нет")
    assert theirs == ours
    line.bot.turn()
    edit(second, ours, "Ленты нет вовсе")
    edit(line, theirs, "Бумаги нет")
    assert [said(ticket)[-1] for ticket in requests()] == ["Исправление: Бумаги нет", "Исправление: Ленты нет вовсе"]


def _numbers(line: Line) -> list[int]:
    return [number for chat, number in line.user.fake.world.messages if chat == line.user.id]


def test_an_edit_of_what_never_reached_us_is_new(bot: Bot, carol: User):
    line = Line(bot, carol)
    line.write("Здравствуйте")
    message = carol.write("Не печатает")
    carol.fake.world.updates.clear()
    edit(line, message, "Не печатает принтер")
    assert db.session.get_one(Chat, carol.id).draft["text"] == "Не печатает принтер"


def test_a_caption_that_is_edited_brings_its_picture_once(line: Line):
    line.tap("Новая заявка")
    message = line.user.photo(PNG, "Вот такая ошибка")
    line.bot.turn()
    edit(line, message, "Вот такая ошибка при печати")
    draft = db.session.get_one(Chat, line.user.id).draft
    assert (draft["text"], len(draft["files"])) == ("Вот такая ошибка при печати", 1)

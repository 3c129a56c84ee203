"""The whole script against the fake server: Carol's telephone on one side, the desk on the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app import clock, outbox, tickets
from app.actor import Actor
from app.extensions import db
from app.models import BotUpdate, Cause, Escalation, Rating, State, Ticket
from app.tickets import Contribution
from tests.cast import acting, alice
from tests.cast import carol as carols_person
from tests.telegram.conftest import Bot
from tests.telegram.fake import User
from tests.telegram.fake.people import PNG
from tests.telegram.talker import said

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def line(bot: Bot, carol: User) -> Line:
    carols_person().is_phone_confirmed = True
    outbox.commit()
    return Line(bot, carol)


class Line:
    """Carol acts, the desk does all there is to do, and she hears."""

    def __init__(self, bot: Bot, user: User) -> None:
        self.bot, self.user = bot, user

    def write(self, text: str, **more) -> None:
        self.user.write(text, **more)
        self.bot.turn()

    def press(self, label: str) -> None:
        query = self.user.press(label)
        self.bot.turn()
        self.user.answer_to(query)

    def tap(self, label: str) -> None:
        self.user.tap(label)
        self.bot.turn()

    def desk(self, act: Callable[[Actor, datetime], object]) -> None:
        """Alice acts, and what is owed for it goes out."""
        act(acting(alice()), clock.now())
        outbox.commit()
        self.bot.turn()

    def hears(self, part: str):
        return self.user.hears(part, within=1)

    @property
    def ticket(self) -> Ticket:
        query = select(Ticket).order_by(Ticket.id.desc()).limit(1)
        return db.session.scalars(query, execution_options={"populate_existing": True}).one()


def test_the_whole_script(line: Line):
    acquaintance(line)
    ticket = a_request(line)
    at_work(line, ticket)
    the_solution(line, ticket)
    it_did_not_help(line, ticket)
    assert db.session.scalar(select(BotUpdate.id).where(BotUpdate.work_at.is_not(None))) is None


def acquaintance(line: Line) -> None:
    line.write("/start")
    line.hears("Здравствуйте! Это техническая поддержка «СТЕК».")
    line.tap("Передать номер")
    line.hears("Петрова Ольга Сергеевна, ООО «Нева-Трейд», carol@neva-trade.example. Всё верно?")
    line.press("Да, это я")
    line.hears("Спасибо, нашли ваш договор.")
    menu = [key["text"] for row in line.user.keyboard or [] for key in row]
    assert menu == ["Новая заявка", "Мои заявки", "Позвонить"]


def a_request(line: Line) -> Ticket:
    line.write("1С не открывается, пишет про ключ защиты")
    line.hears("Записали. У кого это и где?")
    line.write("у всех в бухгалтерии, 312")
    line.hears("Насколько срочно?")
    line.press("Срочная: не позже 2\u00a0часов, если это технически возможно")
    line.hears("Пришлите снимок экрана, фото или ссылку, если есть.")
    line.user.album([PNG, PNG + b"2"])
    line.bot.turn()
    line.hears("Получили 2\u00a0файла. Проверьте заявку:")
    line.press("Отправить заявку")
    accepted = line.hears("Заявка принята. Номер")
    assert line.ticket.number in accepted.text
    assert "carol@neva-trade.example" in accepted.text
    return line.ticket


def at_work(line: Line, ticket: Ticket) -> None:
    line.desk(lambda by, at: tickets.take(line.ticket, by, at))
    line.hears("Алиса Орлова")
    words = Contribution("Перезапускаю службу, это займёт минут двадцать.")
    line.desk(lambda by, at: tickets.reply(line.ticket, words, by, at))
    line.write("у двоих та же ошибка", reply_to=line.hears("Перезапускаю службу"))
    line.hears("Передали инженеру.")
    question = Contribution("Когда можно подключиться?")
    line.desk(lambda by, at: tickets.ask(line.ticket, question, by, at))
    line.hears("Когда можно подключиться?")
    line.write("хоть сейчас")
    line.hears("Передали инженеру.")
    assert line.ticket.state is State.OPEN
    line.tap("Мои заявки")
    assert f"{ticket.number} 1С не открывается" in line.hears("Открытые заявки:").text


def the_solution(line: Line, ticket: Ticket) -> None:
    words = Contribution("Включили автозапуск службы ключа защиты.")
    line.desk(lambda by, at: tickets.solve(line.ticket, words, by, at))
    line.hears("Включили автозапуск")
    line.press("5")
    line.hears("Спасибо! Хотите добавить пару слов?")
    line.press("2")
    line.hears("Поменяли на 2. Что нам исправить?")
    line.write("Дважды пришлось звать")
    line.hears("Спасибо, записали.")
    assert [row.value for row in db.session.scalars(select(Rating).order_by(Rating.id))] == [5, 2, 2]


def it_did_not_help(line: Line, ticket: Ticket) -> None:
    line.press("Не помогло, открыть заново")
    line.hears("Что осталось не так?")
    line.write("Снова просит ключ")
    line.hears("снова в работе")
    assert (line.ticket.state, line.ticket.reopened_count) == (State.OPEN, 1)
    line.press("Пожаловаться руководителю")
    line.hears("Напишите, что не так.")
    line.write("Второй день никто не перезвонил")
    line.hears("Передали руководителю.")
    line.tap("Позвонить")
    line.hears("Поддержка: (812) 363-17-87, 493-79-19.")
    causes = set(db.session.scalars(select(Escalation.cause).where(Escalation.ticket_id == ticket.id)))
    assert causes == {Cause.LOW_RATING, Cause.COMPLAINT}


def test_a_draft_outlives_silence(line: Line):
    line.write("Не печатает принтер")
    line.hears("Записали.")
    clock.shift(timedelta(minutes=16))
    line.bot.turn()
    line.hears("Заявка принята. Номер")
    assert line.ticket.what == "Не печатает принтер"
    line.write("у меня")
    line.hears(f"Это дополнение к заявке {line.ticket.number}")
    line.press(f"К заявке {line.ticket.number}")
    line.hears("Передали инженеру.")


def test_files_of_every_kind_and_size(line: Line):
    line.write("Не печатает принтер")
    line.hears("Записали.")
    line.user.voice()
    line.bot.turn()
    line.hears("Приложили голосовое к заявке.")
    line.user.document("huge.zip", size=30 << 20)
    line.bot.turn()
    line.hears("Этот файл слишком большой. Пришлите ссылку на облако или письмо на info@stekspb.ru.")
    line.user.sticker()
    line.bot.turn()
    line.hears("Стикер прочитать не можем.")
    line.user.location()
    line.bot.turn()
    message = line.user.write("срочно")
    line.bot.turn()
    line.user.edit(message, "не срочно")
    line.bot.turn()
    line.hears("Исправление записали.")


@pytest.mark.parametrize("is_album", [False, True])
def test_a_complaint_that_is_edited_stays_the_managers_alone(line: Line, is_album: bool):
    line.user.start()
    line.bot.turn()
    line.tap("Передать номер")
    line.press("Да, это я")
    line.write("1С не открывается")
    line.bot.turn()
    for label in ("У меня, на обычном месте", "Обычная: срок по договору", "Отправить без файлов", "Отправить заявку"):
        line.press(label)
    line.desk(lambda by, at: tickets.solve(line.ticket, Contribution("Починили"), by, at))
    line.user.press_data(f"complain:{line.ticket.number}", line.hears("Починили"))
    line.bot.turn()
    words = "Инженер Орлова нагрубила"
    sent = line.user.album([PNG, PNG], words)[0] if is_album else line.user.write(words)
    line.bot.turn()
    line.user.edit(sent, f"{words} мне")
    line.bot.turn()
    assert line.hears("Жалоба уже у руководителя").text.endswith("нажмите «Добавить» под ней.")
    assert line.ticket.state is State.SOLVED
    assert "нагрубила" not in "".join(said(line.ticket))

"""Voices, files, contacts, stickers, corrections, thanks, English: each has its place, by words or without any."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, files, outbox, store_watch, tickets
from app.extensions import db
from app.intake.telegram import dialogue
from app.intake.telegram.turn import Kind
from app.models import BotUpdate, Channel, ComplaintEntry, ComplaintFile, State
from app.tickets import Contribution
from tests.cast import acting, alice, carol
from tests.telegram.talker import MONDAY, Talker, keys, requested, said, solved, talker_of_carol, texts

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def known() -> Talker:
    return talker_of_carol()


def test_a_voice_message_first(known: Talker):
    said_of_it, asked = known.send("voice.ogg", kind=Kind.VOICE)
    assert said_of_it.text.startswith("Приложили голосовое к заявке.")
    assert asked.text == "Опишите проблему: что случилось?"
    known.falls_silent(16)
    assert known.ticket.what == "(сообщение без текста)"


def test_files_without_words_are_asked_about(known: Talker):
    [asked] = known.send("photo.jpg")
    assert asked.text == "Получили 1\u00a0файл. Опишите проблему: что случилось?"
    [whose] = known.write("Так выглядит экран")
    assert "У кого это и где?" in whose.text


def test_files_of_a_draft_are_not_swept_away(known: Talker):
    known.send("photo.jpg")
    [kept] = known.chat.draft["files"]
    path = files.path(kept["storage_id"])
    clock.shift(timedelta(days=2))
    store_watch.look(kept["storage_id"][:2], clock.now())
    assert path.is_file()


def test_a_voice_to_a_request(known: Talker):
    ticket = requested(known)
    [card] = known.press_data(f"card:{ticket.number}")
    spoken = known.send("voice.ogg", kind=Kind.VOICE, replied_to=card)
    assert texts(spoken)[0] == "Передали инженеру."
    assert texts(spoken)[1].startswith("Приложили голосовое к заявке.")


def test_an_answer_to_the_question_that_was_just_read(known: Talker):
    ticket = requested(known)
    tickets.ask(ticket, Contribution("Когда можно подключиться?"), acting(alice()), known.at)
    outbox.commit()
    [card] = known.press_data(f"card:{ticket.number}")
    assert "«Когда можно подключиться?»" in card.text
    [told] = known.write("хоть сейчас")
    assert told.text == "Передали инженеру."
    assert (ticket.state, said(ticket)[-1]) == (State.OPEN, "хоть сейчас")


def test_words_that_begin_with_a_number_go_there(known: Talker):
    first, second = requested(known), None
    known.write("Сломался сканер")
    known.press("Новая заявка")
    known.falls_silent(16)
    second = known.tickets[-1]
    known.write(f"№{first.number} у двоих та же ошибка")
    assert said(first)[-1].endswith("у двоих та же ошибка")
    known.write("ещё одно")
    known.write(f"к заявке {second.number}")
    assert said(second)[-1] == "ещё одно"


def test_held_words_go_to_the_only_request_after_a_silence(known: Talker):
    ticket = requested(known)
    known.write("у двоих та же ошибка")
    [told] = known.falls_silent(16)
    assert told.text == "Передали инженеру."
    assert said(ticket)[-1] == "у двоих та же ошибка"
    assert len(known.tickets) == 1


@pytest.mark.parametrize("words", ["Спасибо!", "👍"])
def test_thanks_reopen_nothing(known: Talker, words: str):
    ticket = solved(known)
    known.write(words)
    db.session.refresh(ticket)
    assert (ticket.state, said(ticket)[-1]) == (State.SOLVED, words)


def test_words_about_a_solved_request(known: Talker):
    ticket = solved(known)
    [asked] = known.write("опять не работает")
    assert asked.text.startswith(f"Это о решённой заявке {ticket.number}")
    assert known.press(f"К заявке {ticket.number}") == []
    assert (ticket.state, ticket.reopened_count) == (State.OPEN, 1)


def test_after_the_reopening_window_a_linked_request_begins(known: Talker):
    ticket = solved(known)
    tickets.close(ticket, known.at)
    outbox.commit()
    [card] = known.write(ticket.number)
    known.wait(60 * 24 * 40)
    [told] = known.reply(card, "опять не работает")
    assert told.text == "Прошлая заявка закрыта давно, поэтому мы открыли новую и связали их."
    assert known.tickets[-1].follows_id == ticket.id


def test_somebody_elses_contact():
    talker = Talker()
    [refused] = talker.share(is_own=False)
    assert "другого человека" in refused.text
    talker.write("/start")
    [company] = talker.share("+79005550144", is_own=False)
    assert company.text.endswith("Как называется ваша компания?")
    assert carol().name not in "".join(texts(talker.messages()))
    assert "own_phone" not in talker.chat.typed


def test_a_sticker_and_a_poll():
    talker = Talker()
    [sticker] = talker.turn(Kind.STICKER)
    [poll] = talker.turn(Kind.OTHER)
    assert sticker.text == "Стикер прочитать не можем. Опишите проблему словами или пришлите фото."
    assert poll.text.startswith("Такое сообщение прочитать не можем.")


def test_silence_waits_for_words_that_are_on_the_way(known: Talker):
    known.write("Не печатает принтер")
    known.wait(16)
    waiting = BotUpdate(id=9_000_001, chat_id=known.chat_id, raw="{}", received_at=known.at, work_at=known.at)
    db.session.add(waiting)
    outbox.commit()
    assert dialogue.run_due(known.at) == 0
    waiting.work_at = None
    outbox.commit()
    assert dialogue.run_due(known.at + timedelta(seconds=1)) == 1


def test_words_after_a_complaint_button_reach_only_the_manager(known: Talker):
    ticket = requested(known)
    known.press_data(f"complain:{ticket.number}")
    known.send("proof.jpg", text="Второй день никто не перезвонил")
    assert len(said(ticket)) == 1, "neither the words nor the picture are on the request"
    entry = db.session.scalars(select(ComplaintEntry)).one()
    assert entry.text == "Второй день никто не перезвонил"
    assert db.session.scalars(select(ComplaintFile.entry_id)).one() == entry.id


def test_english():
    talker = Talker(language="en")
    [hello] = talker.write("/start")
    assert hello.text.startswith("Hello! This is the technical support of")
    assert keys(hello) == ["Share my number", "Type it in", "Cancel"]
    talker.write("Type it in")
    for words in ("Neva", "Carol", "carol@else.example", "+7 900 555-01-44", "The printer is dead", "at my desk"):
        talker.write(words)
    talker.write("urgent")
    [check] = talker.write("none")
    assert "Who and where: at my desk\nUrgent." in check.text
    talker.write("send")
    assert (talker.ticket.language, talker.ticket.channel) == ("en", Channel.TELEGRAM)
    [mine] = talker.write("My requests")
    assert mine.text.startswith("Open requests:\n")
    assert talker.ticket.created_at == MONDAY
    talker.write("/ru")
    assert talker.hear() == []
    [call] = talker.write("позвонить")
    assert call.text.startswith("Поддержка:")

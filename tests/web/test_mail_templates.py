"""Letters in the manager's own words: kept, shown on a real request, sent to oneself, taken back; never code."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app import clock, mail_templates, notify, outbox, tickets
from app.extensions import db
from app.models import Delivery, MailTemplate
from app.tickets import Contribution
from tests.cast import acting, alice, masha, request_of_carol
from tests.notify.letters import html_of, text_of, to
from tests.notify.rows import CAROL
from tests.web.browse import Browser
from tests.web.signing_in import csrf_token, signed_in

WHERE = "/mail-templates/registered/ru"
MASHA = "masha@stek.example"


def word(notice: str, subject: str, text: str, language: str = "ru") -> None:
    with outbox.transaction():
        mail_templates.keep(notice, language, subject, text, acting(masha()), clock.now())


def typed(browser: Browser, **fields: str) -> dict[str, str]:
    return {"csrf_token": csrf_token(browser.client), "subject": "Тема", "text": "Слова", **fields}


def sent(address: str = CAROL):
    notify.run()
    return to(address)[-1]


def test_every_letter_stands_in_the_list_in_both_languages(manager: Browser):
    page = manager.open("/mail-templates")
    links = [
        link.get("href") or "" for link in page.all("a") if (link.get("href") or "").startswith("/mail-templates/")
    ]
    assert len(links) == 18
    for link in links:
        manager.open(link)
    assert "Тексты наших писем" in manager.open("/letters").text


def test_a_wording_is_kept_and_the_next_letter_leaves_with_it(manager: Browser):
    page = manager.open(WHERE)
    assert page.one("input", id="subject").get("value") == "Заявка {номер} принята, срок {срок}"
    page = manager.send(
        page, WHERE, subject="Приняли {номер}: {тема}", text="{обращение}\n\nЗанимаемся. Срок {срок}, {причина}."
    )
    assert "Сохранили" in page.text
    assert "Мария Иванова" in page.text
    ticket = request_of_carol()
    letter = sent()
    assert str(letter["Subject"]) == (
        f"Приняли {ticket.number}: 1С не открывается, пишет про ключ защиты [#{ticket.number}]"
    )
    for body in (text_of(letter), html_of(letter)):
        assert "Ольга Сергеевна, здравствуйте!" in body
        assert "по московскому времени, 8" in body, "the moment with its zone, then why"
        assert f"/r/{ticket.number}." in body, "the link stays, whatever the wording"
        assert "{" not in re.sub(r"<style>.*?</style>", "", body, flags=re.DOTALL)
    assert "Крайний срок решения" in text_of(letter)
    assert "Мы получили" not in text_of(letter)


def test_each_language_has_its_own_words(manager: Browser):
    word("registered", "Got {number}", "{greeting} Due {due}.", "en")
    english, russian = request_of_carol(language="en"), request_of_carol()
    notify.run()
    subjects = [str(letter["Subject"]) for letter in to(CAROL)]
    assert f"Got {english.number} [#{english.number}]" in subjects
    assert any(subject.startswith(f"Заявка {russian.number} принята") for subject in subjects)


def test_engineers_words_stay_below_the_managers(manager: Browser):
    word("solved", "{номер} готова", "{имя}, всё сделано. Вопросы: {инженер}.")
    word("replied", "По {номер}", "{обращение}")
    ticket = request_of_carol()
    tickets.reply(ticket, Contribution("Перезагрузите."), acting(alice()), clock.now())
    tickets.solve(ticket, Contribution("Заменили кабель."), acting(alice()), clock.now())
    outbox.commit()
    notify.run()
    replied, solved = to(CAROL)[-2:]
    assert text_of(replied).index("здравствуйте!") < text_of(replied).index("Перезагрузите.")
    assert "Ольга Сергеевна, всё сделано. Вопросы: Алиса Орлова." in text_of(solved)
    assert "Заменили кабель." in text_of(solved)
    assert "?rating=5" in html_of(solved)
    assert replied["Auto-Submitted"] is None


def test_the_way_back(manager: Browser):
    word("registered", "Своё", "Свои слова")
    page = manager.open(WHERE)
    page = manager.send(page, f"{WHERE}/original")
    assert "Вернули исходный текст." in page.text
    assert page.one("input", id="subject").get("value") == "Заявка {номер} принята, срок {срок}"
    assert db.session.query(MailTemplate).count() == 0
    request_of_carol()
    assert "Мы получили заявку" in text_of(sent())


def test_the_preview_shows_a_real_request_and_no_secret_of_it(manager: Browser):
    ticket = request_of_carol()
    notify.run()
    before = db.session.query(Delivery).count()
    said = typed(manager, text="{имя}, это проба. {ссылка}", number=ticket.number)
    answer = manager.client.post(f"{WHERE}/preview", data=said)
    assert answer.status_code == 200
    assert "Ольга Сергеевна, это проба." in answer.text
    assert f"/tickets/{ticket.number}" in answer.text
    assert "/r/" not in answer.text, "the customer's own link is nobody else's"
    assert "?start=" not in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "Ваша заявка принята" in manager.client.get(f"{WHERE}/preview?number={ticket.number}").text
    assert db.session.query(Delivery).count() == before
    assert db.session.query(MailTemplate).count() == 0


def test_every_letter_can_be_previewed_as_the_desk_came(manager: Browser):
    ticket = request_of_carol()
    for notice in ("registered", "taken", "replied", "asked", "reminded", "solved", "closing", "closed", "reopened"):
        for language in ("ru", "en"):
            answer = manager.client.get(f"/mail-templates/{notice}/{language}/preview")
            assert answer.status_code == 200, notice
            assert ticket.number in answer.text


def test_a_number_that_is_no_requests_says_so(manager: Browser):
    request_of_carol()
    answer = manager.client.post(f"{WHERE}/preview", data=typed(manager, number="111111"))
    assert (answer.status_code, "Проверьте номер" in answer.text) == (422, True)
    manager.open(f"{WHERE}")
    answer = manager.client.post(f"{WHERE}/sample", data=typed(manager, number="111111"))
    assert (answer.status_code, "Проверьте номер" in answer.text) == (422, True)


def test_a_letter_to_oneself_goes_to_nobody_else(manager: Browser):
    ticket = request_of_carol()
    notify.run()
    mine, hers = len(to(MASHA)), len(to(CAROL))
    said = typed(manager, subject="Проба {номер}", text="{обращение} Проба.")
    answer = manager.client.post(f"{WHERE}/sample", data=said)
    assert "Отправили на masha@stek.example" in answer.text
    assert "Проба {номер}" in answer.text, "what was typed is still there"
    notify.run()
    assert (len(to(MASHA)), len(to(CAROL))) == (mine + 1, hers)
    letter = to(MASHA)[-1]
    assert str(letter["Subject"]) == f"Проверка: Проба {ticket.number} [#{ticket.number}]"
    assert "Ольга Сергеевна, здравствуйте! Проба." in text_of(letter)
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "/r/" not in text_of(letter) + html_of(letter)
    assert db.session.query(MailTemplate).count() == 0


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("text", "{{ 7*7 }}", "Такой подстановки нет: { 7*7 }"),
        ("text", "{% for x in y %}", "Такой подстановки нет: {% for x in y %}"),
        ("subject", "{номре}", "Такой подстановки нет: {номре}"),
        ("text", "незакрытая {номер", "Такой подстановки нет: {."),
        ("subject", " \n ", "Напишите здесь что-нибудь"),
        ("text", "", "Напишите здесь что-нибудь"),
        ("text", "я" * 5001, "Не длиннее 5000 знаков"),
        ("subject", "я" * 151, "Не длиннее 150 знаков"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(manager: Browser, field: str, value: str, says: str):
    page = manager.send(manager.open(WHERE), WHERE, 422, **{"subject": "Тема", "text": "Слова", field: value})
    assert says in page.text
    assert db.session.query(MailTemplate).count() == 0
    answer = manager.client.post(f"{WHERE}/preview", data=typed(manager, **{field: value}))
    assert (answer.status_code, says in answer.text) == (422, True)


@pytest.mark.usefixtures("app")
@pytest.mark.trust("X8")
@pytest.mark.trust("X9")
def test_what_is_put_in_is_text_and_is_never_looked_at_again():
    """A customer's name that looks like a placeholder, a wording that looks like markup."""
    word("registered", "{имя}: {тема}", "<script>alert(1)</script> {имя} %s %(name)s ${7*7}")
    request_of_carol(name="{ссылка} {{7*7}}", text="{номер} {% raw %}")
    letter = sent()
    assert str(letter["Subject"]).startswith("{ссылка} {{7*7}}: {номер} {% raw %} [#")
    html = html_of(letter)
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {ссылка} {{7*7}} %s %(name)s ${7*7}" in html


@pytest.mark.usefixtures("app")
@pytest.mark.trust("M10")
def test_a_wording_brings_no_words_of_the_customers_to_an_address_nobody_vouched_for():
    word("registered", "{имя} {тема} {компания}", "{обращение} {имя} {тема} {компания}")
    bait = "evil.example"
    request_of_carol(email="victim@else.example", name=f"Иван {bait}", text=f"Купите {bait}", company=f"Рога {bait}")
    letter = sent("victim@else.example")
    assert bait not in text_of(letter) + html_of(letter) + str(letter["Subject"])
    assert "Здравствуйте!" in text_of(letter)


def test_engineers_and_strangers_have_no_business_there(app: Flask):
    browser = signed_in(app, alice())
    for address in ("/mail-templates", WHERE, f"{WHERE}/preview"):
        assert browser.client.get(address).status_code == 403
    assert browser.client.post(WHERE, data=typed(browser)).status_code == 403
    assert app.test_client().get(WHERE).status_code in {302, 303, 401, 403}


@pytest.mark.parametrize("address", ["/mail-templates/registered/de", "/mail-templates/digest/ru"])
def test_there_are_no_other_letters(manager: Browser, address: str):
    assert manager.client.get(address).status_code == 404

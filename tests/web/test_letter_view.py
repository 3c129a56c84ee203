"""A letter on its request: plain at first, with its formatting on demand, in a frame that can do nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app import clock, outbox
from app.extensions import db
from app.models.message import Attachment, Message
from app.models.ticket import Ticket
from tests import cast
from tests.intake.html_letters import html_mail, png
from tests.intake.mailing import mail, messages, receive, ticket_of
from tests.servers import UNLIMITED
from tests.web.browse import Browser, check_fragment
from tests.web.signing_in import browser_of, signed_in

MARKUP = '<h1>Счёт</h1><p style="color:red" onclick="x()">Не работает <b>касса</b></p>'


@pytest.fixture
def alice(app: Flask) -> Browser:
    return signed_in(app, cast.alice())


def arrived(raw: bytes) -> tuple[Ticket, Message]:
    ticket = ticket_of(receive(raw))
    return ticket, messages(ticket)[-1]


def frame_of(alice: Browser, ticket: Ticket, message: Message, more: str = "") -> str:
    """The frame's own page, its text; its policy is checked."""
    answer = alice.client.get(f"/tickets/{ticket.number}/messages/{message.id}/html{more}")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert policy.endswith(
        "form-action 'none'; base-uri 'none'; frame-ancestors 'self'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    assert "script" not in policy.replace("sandbox allow", "")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-DNS-Prefetch-Control"] == "off"
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.text.partition("<body>")[2].partition("</body>")[0].strip()


@pytest.mark.trust("X2")
def test_a_letter_is_plain_until_its_formatting_is_asked_for(alice: Browser):
    ticket, message = arrived(html_mail(MARKUP))
    page = alice.open(f"/tickets/{ticket.number}")
    assert not page.all("iframe")
    assert "Не работает касса." in page.text
    assert "Счёт" not in page.text
    link = next(one for one in page.all("a") if "".join(one.itertext()) == "Показать оформление")
    page = alice.open(str(link.get("href")))
    frame = page.one("iframe")
    assert frame.get("sandbox") == "allow-popups allow-popups-to-escape-sandbox"
    assert frame.get("src") == f"/tickets/{ticket.number}/messages/{message.id}/html"
    assert page.response.headers["Content-Security-Policy"].endswith("; frame-src 'self'")
    assert "Показать только текст" in page.text
    assert frame_of(alice, ticket, message) == "<h1>Счёт</h1><p>Не работает <b>касса</b></p>"
    fragment = check_fragment(alice.client.get(str(link.get("hx-get"))).text)
    assert f"letter={message.id}" in str(fragment.get("hx-get"))


def test_a_letter_without_formatting_offers_none(alice: Browser):
    ticket, message = arrived(mail())
    page = alice.open(f"/tickets/{ticket.number}")
    assert "Показать оформление" not in page.text
    assert "Скачать оригинал" in page.text
    page = alice.open(f"/tickets/{ticket.number}?letter={message.id}")
    assert "В этом письме нет оформления" in page.text
    assert "Не работает касса." in page.text
    assert not page.all("iframe")


def test_what_came_by_the_form_has_no_letter(alice: Browser):
    ticket = cast.request_of_carol()
    message = messages(ticket)[0]
    assert "Скачать оригинал" not in alice.open(f"/tickets/{ticket.number}").text
    alice.open(f"/tickets/{ticket.number}?letter={message.id}", 404)
    alice.open(f"/tickets/{ticket.number}/messages/{message.id}/html", 404)
    alice.open(f"/tickets/{ticket.number}/messages/{message.id}/original", 404)


def test_a_letter_is_found_under_its_own_request_only(alice: Browser):
    other, message = arrived(html_mail(MARKUP))
    ticket = cast.request_of_carol()
    for rest in ("html", "original"):
        alice.open(f"/tickets/{ticket.number}/messages/{message.id}/{rest}", 404)
        alice.open(f"/tickets/{ticket.number}/messages/99999999999/{rest}", 404)
    assert other.number != ticket.number


def test_nobody_but_staff_sees_letters(app: Flask):
    ticket, message = arrived(html_mail(MARKUP))
    for rest in ("html", "original"):
        answer = app.test_client().get(f"/tickets/{ticket.number}/messages/{message.id}/{rest}")
        assert (answer.status_code, "/login" in answer.headers["Location"]) == (302, True)


def test_the_original_is_byte_for_byte_a_download(alice: Browser):
    raw = html_mail(MARKUP, subject='"><script>alert(1)</script>')
    ticket, message = arrived(raw)
    page = alice.open(f"/tickets/{ticket.number}")
    address = f"/tickets/{ticket.number}/messages/{message.id}/original"
    page.one("a", href=address)
    answer = alice.client.get(address)
    assert answer.data == raw
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == f"attachment; filename=letter-{message.letter_id}.eml"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_pictures_of_the_letter_are_shown(alice: Browser):
    picture = png()
    ticket, message = arrived(html_mail('<p>Экран:<img src="cid:Shot%40x" width=40></p>', pictures={"shot@X": picture}))
    assert '<img src="data:image/png;base64,' in frame_of(alice, ticket, message)
    assert 'width="40"' in frame_of(alice, ticket, message)
    file = db.session.query(Attachment).one()
    file.is_infected = True
    outbox.commit()
    assert "картинка, которой нет в письме" in frame_of(alice, ticket, message)


def test_a_picture_that_the_request_had_already_is_shown_with_each_letter(alice: Browser):
    raw = html_mail('<p>Логотип <img src="cid:logo"></p>', pictures={"logo": png()})
    ticket, first = arrived(raw)
    again = html_mail('<p>Да <img src="cid:logo"></p>', subject=f"Re: [#{ticket.number}]", pictures={"logo": png()})
    receive(again)
    answer = messages(ticket)[-1]
    assert answer.id != first.id
    assert db.session.query(Attachment).count() == 1
    assert '<img src="data:image/png;base64,' in frame_of(alice, ticket, answer)


@pytest.mark.parametrize(
    "content",
    [png(claims=(50_000, 50_000)), png(claims=(0, 9)), b"<svg/>", b"GIF89a", b""],
    ids=["a bomb", "no width", "SVG", "half a head", "nothing"],
)
def test_what_would_swell_or_is_no_picture_is_not_shown(alice: Browser, content: bytes):
    ticket, message = arrived(html_mail('<p>Экран: <img src="cid:a"></p>', pictures={"a": content}))
    assert frame_of(alice, ticket, message).endswith("<p>Экран: <mark>картинка, которой нет в письме</mark></p>")


@pytest.mark.trust("M15")
def test_pictures_from_elsewhere_wait_for_a_click(alice: Browser):
    ticket, message = arrived(
        html_mail(
            '<p>a<img src="https://cdn.example/a.png" alt="Акция"><img src="//track.example/p.gif">'
            '<img src="https://track.example/1.gif" width="1" height="1"><img src="http://192.168.0.1/reboot">'
            '<img src="http://localhost/queue"></p>'
        )
    )
    body = frame_of(alice, ticket, message)
    assert "<img" not in body
    assert "картинка с cdn.example: Акция" in body
    page = alice.open(f"/tickets/{ticket.number}?letter={message.id}")
    assert "Картинки с других сайтов не загружены (1): cdn.example." in page.text
    page = alice.send(page, f"/tickets/{ticket.number}/messages/{message.id}/pictures")
    assert "Картинки загружает ваш браузер: cdn.example." in page.text
    address = str(page.one("iframe").get("src"))
    answer = alice.client.get(address)
    assert re.findall("<img[^>]*>", answer.text) == ['<img src="https://cdn.example/a.png" alt="Акция">']
    assert "img-src data: https://cdn.example;" in answer.headers["Content-Security-Policy"]


@pytest.mark.trust("M15")
def test_the_click_is_the_own_one_of_who_reads_and_counts_for_an_hour(app: Flask, alice: Browser):
    markup = '<p><img src="https://cdn.example/a.png"></p>'
    ticket, message = arrived(html_mail(markup))
    where, act = f"/tickets/{ticket.number}/messages/{message.id}/html", f"/tickets/{ticket.number}/messages"
    alice.post(f"{act}/{message.id}/pictures", 400)  # without a token
    for forged in ("over", "1", "9999999999.0", "9999999999." + "0" * 32, "²"):
        assert "<img" not in frame_of(alice, ticket, message, f"?pictures={forged}")
    page = alice.send(alice.open(f"/tickets/{ticket.number}?letter={message.id}"), f"{act}/{message.id}/pictures")
    asked = str(page.one("iframe").get("src")).partition("?")[2]
    assert "<img" in alice.client.get(f"{where}?{asked}").text
    _, other = arrived(html_mail(markup, subject="Другое"))
    assert "<img" not in alice.client.get(f"/tickets/{ticket_number(other)}/messages/{other.id}/html?{asked}").text
    bob = browser_of(app, cast.bob())
    assert "<img" not in bob.get(f"{where}?{asked}").text
    clock.shift(timedelta(minutes=61))
    assert "<img" not in alice.client.get(f"{where}?{asked}").text


def ticket_number(message: Message) -> str:
    return db.session.get_one(Ticket, message.ticket_id).number


def test_what_a_reply_quotes_is_folded_and_a_first_letter_is_whole(alice: Browser):
    markup = '<p>Да, работает</p><div class="gmail_quote">Вчера: <blockquote>Проверьте</blockquote></div>'
    ticket, message = arrived(html_mail(markup))
    assert "<details>" not in frame_of(alice, ticket, message)
    receive(html_mail(markup, subject=f"Re: [#{ticket.number}]"))
    body = frame_of(alice, ticket, messages(ticket)[-1])
    assert body.startswith("<p>Да, работает</p><details><summary>Прежняя переписка</summary>")


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<p>x</p>" * 130_000, "слишком велико"),
        ('<a href="https://a.example/">a</a> ' * 5001, "больше 5000 ссылок"),
        ("<div>" * 180_000, "не удалось разобрать безопасно"),
    ],
)
def test_too_much_of_it_leaves_the_text(alice: Browser, markup: str, words: str):
    ticket, message = arrived(html_mail(f"<p>Не работает касса.</p>{markup}"))
    page = alice.open(f"/tickets/{ticket.number}?letter={message.id}")
    assert words in page.text
    assert "Не работает касса." in page.text
    assert not page.all("iframe")
    assert words in frame_of(alice, ticket, message)


def test_a_date_that_is_hours_away_is_shown(alice: Browser):
    ticket, _ = arrived(mail(Date="Tue, 03 Feb 2026 10:11:12 +0300"))
    assert "написано 3 февраля, 10:11, как указал отправитель" in alice.open(f"/tickets/{ticket.number}").text
    ticket, _ = arrived(mail(subject="Сейчас", Date=clock.now().strftime("%a, %d %b %Y %H:%M:%S +0000")))
    assert "написано" not in alice.open(f"/tickets/{ticket.number}").text
    ticket, _ = arrived(mail(subject="Никогда", Date="Tue, 99 Feb 20260 10:11:12 +0300"))
    assert "написано" not in alice.open(f"/tickets/{ticket.number}").text


def test_it_speaks_english(make_app: Callable[..., Flask]):
    app = make_app(LANGUAGE="en", **UNLIMITED)
    with app.app_context():
        alice = signed_in(app, cast.alice())
        markup = '<p>x<img src="https://cdn.example/a.png"><img src="cid:none"></p>'
        ticket, message = arrived(html_mail(markup, Date="Tue, 03 Feb 2026 10:11:12 +0300"))
        assert "Show formatting" in alice.open(f"/tickets/{ticket.number}").text
        page = alice.open(f"/tickets/{ticket.number}?letter={message.id}")
        assert "Pictures from other sites are not loaded (1): cdn.example." in page.text
        assert "Show text only Download original" in page.text
        assert "written 3 February, 10:11, by the sender's own account" in page.text
        assert "picture from cdn.example" in frame_of(alice, ticket, message)

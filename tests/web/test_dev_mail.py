"""The mailbox page of development."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from flask import Flask

from app.config import settings
from tests.web.browse import Browser


def keep(subject: str, html: str) -> str:
    letter = EmailMessage()
    letter["Subject"], letter["To"], letter["From"] = subject, "carol@neva-trade.example", "info@stekspb.ru"
    letter.set_content("Заявка принята")
    letter.add_alternative(html, subtype="html")
    settings().kept_mail_dir.mkdir(parents=True, exist_ok=True)
    (settings().kept_mail_dir / "0001.eml").write_bytes(bytes(letter))
    return "0001.eml"


def test_letters_are_listed_and_shown_with_their_text(app: Flask):
    name = keep("Заявка 482173 принята", "<p>Номер</p>")
    page = Browser(app).open("/dev/mail")
    assert "Заявка 482173 принята" in page.text
    page = Browser(app).open(f"/dev/mail/{name}")
    assert "Заявка принята" in page.text
    assert "sandbox" in page.one("iframe").attrib


def test_the_html_of_a_letter_runs_nothing_and_fetches_nothing(app: Flask):
    name = keep("x", "<script>alert(1)</script><img src=https://evil.example/p.gif>")
    answer = app.test_client().get(f"/dev/mail/{name}/html")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy


def test_other_files_are_out_of_reach(app: Flask):
    keep("x", "x")
    for name in ("nothing.eml", "..%2f..%2fsecret_key", "0001.txt"):
        assert app.test_client().get(f"/dev/mail/{name}").status_code == 404


@pytest.mark.trust("A12")
def test_with_a_mail_server_the_page_is_gone(make_app):
    app = make_app(MAIL_SERVER="mail.stek.example")
    with app.app_context():
        keep("x", "x")
    client = app.test_client()
    assert client.get("/dev/mail").status_code == 404
    assert client.get("/dev/mail/0001.eml").status_code == 404

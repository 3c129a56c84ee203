"""The customers' pages and letters in English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import Ticket
from app.web import links
from tests import cast
from tests.web.browse import Browser
from tests.web.test_requests import TYPED

APP = Path(__file__).parents[2] / "app"
CATALOGUE = APP / "translations" / "en" / "LC_MESSAGES"
SHOWN = (
    "templates/requests", "templates/status", "templates/ticket_link", "templates/memo", "templates/errors",
    "templates/layout/public.html", "templates/layout/_", "templates/_dropzone.html", "templates/mail",
    "web/requests.py", "web/status.py", "web/ticket_link.py", "web/customer_page.py", "web/standing.py",
    "web/errors.py", "web/uploads.py", "web/filters.py", "intake/telegram/dialogue",
)  # fmt: skip
STAFF = ("templates/mail/staff", "templates/layout/_live", "templates/layout/_undo", "templates/layout/_link_lost")
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def written() -> set[str]:
    """Every text of the customers' pages and letters."""
    texts = extract_from_dir(str(APP), METHODS, keywords={"_": None, "gettext": None})
    return {
        str(text) for name, _, text, _, _ in texts if name.startswith(SHOWN) and not name.startswith(STAFF) and text
    }


def test_every_text_for_customers_is_translated():
    with (CATALOGUE / "messages.po").open("rb") as file:
        known = {message.id: message.string for message in read_po(file) if message.id}
    assert not {text for text in written() if not known.get(text)}
    for text, translation in known.items():
        assert set(re.findall(r"%\(\w+\)s", str(text))) == set(re.findall(r"%\(\w+\)s", str(translation))), text
        assert not CYRILLIC.search(str(translation)), translation


def test_the_compiled_catalogue_is_the_written_one():
    with (CATALOGUE / "messages.po").open("rb") as text, (CATALOGUE / "messages.mo").open("rb") as compiled:
        po, mo = read_po(text), read_mo(compiled)
        assert {m.id: m.string for m in po if m.id} == {m.id: m.string for m in mo if m.id}


@pytest.mark.parametrize("address", ["/", "/status", "/memo", "/privacy"])
def test_a_page_is_english_as_a_whole(app: Flask, address: str):
    carol = Browser(app)
    carol.open("/?lang=en")
    page = carol.open(address)
    assert page.root.get("lang") == "en"
    shown = page.text.replace("ООО «СТЕК»", "").replace("Санкт-Петербург", "").replace("СТЕК", "")
    assert not CYRILLIC.search(shown), CYRILLIC.findall(shown)


def test_a_request_sent_in_english_speaks_english(app: Flask):
    carol = Browser(app)
    carol.open("/?lang=en")
    page = carol.send(carol.open("/"), "/", **TYPED)
    assert "We have your request" in page.text
    ticket = db.session.scalars(select(Ticket)).one()
    assert ticket.language == "en"
    assert "working hours" in page.text, "the why sentence too"
    stranger = Browser(app)
    assert "Waiting" not in stranger.open(f"/r/{links.token_of(ticket)}").title
    assert stranger.open(f"/r/{links.token_of(ticket)}").root.get("lang") == "en"


def test_errors_are_english_too(app: Flask):
    carol = Browser(app)
    carol.open("/?lang=en")
    page = carol.send(carol.open("/"), "/", 422, email="carol")
    assert "The e-mail has no @ sign." in page.text
    assert "Write what happened." in page.text


def test_the_choice_keeps_the_page_and_leaves_its_address_clean(app: Flask):
    client = app.test_client()
    assert client.get("/status?number=1&lang=en").headers["Location"] == "/status?number=1"
    assert client.get("/memo?lang=en").headers["Location"] == "/memo"
    assert client.get("/memo?lang=xx").status_code == 200
    assert "evil" not in client.get("//evil.example/?lang=en").headers.get("Location", "")
    page = Browser(app).open("/status?number=482173", 422)
    assert page.one("a", hreflang="en").get("href") == "/status?number=482173&lang=en"


def test_russian_is_the_language_unless_one_chose(app: Flask):
    page = Browser(app).open(f"/r/{links.token_of(cast.request_of_carol())}")
    assert page.root.get("lang") == "ru"

"""Views kept at hand get another name, or another selection, without script; each only by their owner."""

from __future__ import annotations

import pytest
from flask import Flask

from app.extensions import db
from app.models.saved_view import SavedView
from tests.cast import bob
from tests.web.browse import Browser, Page
from tests.web.signing_in import signed_in


def kept(browser: Browser, name: str, query: str) -> int:
    browser.send(browser.open(f"/queue/narrowing?{query}"), "/queue/views", name=name)
    found = db.session.query(SavedView).filter_by(name=name).one()
    db.session.rollback()
    return found.id


def links(page: Page) -> dict[str, str]:
    """The reader's own views in the rail, by name."""
    found = {}
    for one in page.root.iter("div"):
        if one.get("class") == "rail__saved":
            link = next(iter(one.iter("a")))
            found["".join(next(iter(link.iter("bdi"))).itertext())] = link.get("href") or ""
    return found


def test_a_view_is_renamed_in_place(alices: Browser):
    view = kept(alices, "По телефону", "view=mine&channel=phone")
    page = alices.open("/queue/narrowing?channel=email")
    page = alices.send(page, f"/queue/views/{view}/name", name="  Звонки   мне ")
    assert page.all("a", href="/queue.csv?view=open&channel=email")  # what was on the screen still is
    assert links(page) == {"Звонки мне": "/queue?view=mine&channel=phone"}


@pytest.mark.parametrize(
    ("name", "why"),
    [("", "Назовите вид"), ("я" * 61, "Длиннее 60"), ("Письма", "таким названием у вас уже есть")],
)
def test_a_wrong_name_is_named_and_kept_in_its_field(alices: Browser, name: str, why: str):
    view = kept(alices, "По телефону", "channel=phone")
    kept(alices, "Письма", "channel=email")
    page = alices.open("/queue/narrowing?channel=phone")
    page = alices.send(page, f"/queue/views/{view}/name", 422, name=name)
    assert why in page.text
    field = page.one("input", id=f"name-{view}")
    assert field.get("aria-invalid") == "true"
    assert field.get("value") == name
    assert set(links(alices.open("/queue"))) == {"По телефону", "Письма"}


def test_a_view_takes_over_what_is_on_the_screen_and_gives_it_back(alices: Browser):
    view = kept(alices, "Разное", "channel=phone")
    page = alices.open("/queue/narrowing?view=urgent&engineer=none&order=newest")
    page = alices.send(page, f"/queue/views/{view}/selection")
    assert links(page) == {"Разное": "/queue?view=urgent&engineer=none&order=newest"}
    assert "Вид заменён: Разное" in page.text
    page = alices.send(page, "/queue/views")
    assert links(page) == {"Разное": "/queue?view=open&channel=phone"}
    page = alices.open("/queue/narrowing?view=open&channel=phone")
    page = alices.send(page, f"/queue/views/{view}/selection")
    assert "Вид заменён" not in page.text


def test_another_persons_view_is_none_of_mine(app: Flask, alices: Browser):
    his = signed_in(app, bob())
    view = kept(his, "Его", "channel=phone")
    mine = kept(alices, "Мой", "channel=email")
    page = alices.open("/queue/narrowing")
    for act in ("name", "selection"):
        page.form(f"/queue/views/{mine}/{act}").set("action", f"/queue/views/{view}/{act}")
        alices.send(page, f"/queue/views/{view}/{act}", 404, name="Моё")
    assert links(his.open("/queue")) == {"Его": "/queue?view=open&channel=phone"}

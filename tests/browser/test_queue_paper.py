"""The queue on paper, as Chromium prints it."""

from __future__ import annotations

from app.extensions import db
from tests.browser.conftest import Site
from tests.browser.test_accessible import overflow
from tests.cast import request_of_carol


def test_paper_says_what_it_lists_with_exact_moments_and_nothing_to_press(site: Site, signed_in):
    text = "Касса не пробивает чеки с самого утра, а к обеду перестала включаться совсем, очередь до двери"
    number = request_of_carol(text=text).number
    db.session.rollback()
    page = signed_in(viewport={"width": 680, "height": 900}).new_page()
    page.goto(f"{site.url}/queue?view=open&engineer=none&channel=web")
    page.emulate_media(media="print")
    told = page.locator(".on-paper")
    assert told.is_visible()
    assert "не назначен, через сайт. Сначала с ближним сроком" in told.inner_text()
    pressed = page.locator("button, input, select, summary:not(.rows__due summary)").all()
    assert not [one for one in pressed if one.is_visible()]
    due = page.locator(f"#t{number} time")
    assert due.evaluate("one => getComputedStyle(one, '::after').content") == f'"{due.get_attribute("title")}"'
    assert due.evaluate("one => getComputedStyle(one).fontSize") == "0px"
    title = page.locator(f"#t{number} .rows__what")
    assert title.evaluate("cell => cell.scrollWidth <= cell.clientWidth")
    assert overflow(page) <= 0

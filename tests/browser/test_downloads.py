"""A file of a letter in a real Chromium: one click saves it, and nothing of it is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.conftest import Site
from tests.cast import alice
from tests.intake.mailing import receive, ticket_of
from tests.intake.samples import multipart, text_part

HTML = b"<script>document.title = 'ran'</script>"


@pytest.mark.trust("X6")
def test_a_file_and_an_original_are_saved_from_the_path_without_cookies(
    site: Site, signed_in: Callable[..., BrowserContext]
) -> None:
    part = b"Content-Type: text/html\r\nContent-Disposition: attachment; filename=a.html\r\n\r\n" + HTML
    raw = multipart(text_part(b"see"), part + b"\r\n")
    number = ticket_of(receive(raw)).number
    page = signed_in(member=alice()).new_page()
    page.goto(f"{site.url}/tickets/{number}")
    for link, name, content in (("a.html", "a.html", HTML), ("Скачать оригинал", "letter-1.eml", raw)):
        with page.expect_download() as saved:
            page.get_by_role("link", name=link).first.click()
        assert (saved.value.suggested_filename, Path(saved.value.path()).read_bytes()) == (name, content)
        assert "/download/" in saved.value.url
    assert page.url == f"{site.url}/tickets/{number}"

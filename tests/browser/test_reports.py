"""Reports in Chromium: accessible, nothing sticks out, and the figures lead on by mouse and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.conftest import Site
from tests.browser.test_accessible import LOOKS, overflow, troubles
from tests.browser.test_manager_pages import sign_in
from tests.reports import firm

pytestmark = pytest.mark.browser

OCTOBER = "period=own&from=2026-10-01&to=2026-10-31"


@pytest.mark.timeout(240)
def test_reports_are_accessible_and_fit(site: Site, context_of):
    firm.found()
    addresses = (
        f"/reports?{OCTOBER}",
        "/reports?company=77777",
        f"/reports/by/company?{OCTOBER}",
        f"/reports/requests?figure=kept&{OCTOBER}",
    )
    for width, scheme in LOOKS:
        context: BrowserContext = context_of(viewport={"width": width, "height": 844}, color_scheme=scheme)
        sign_in(context, site)
        page = context.new_page()
        for address in addresses:
            page.goto(site.url + address)
            assert troubles(page) == [], (address, width, scheme)
            assert overflow(page) <= 0, (address, width, scheme)
        context.close()


def test_a_column_leads_to_its_requests(site: Site, context_of):
    firm.found()
    context: BrowserContext = context_of(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    sign_in(context, site)
    page = context.new_page()
    page.goto(f"{site.url}/reports?{OCTOBER}")
    page.locator("#chart-days-title").locator("xpath=..").locator("a").first.click()
    assert page.locator("h1").inner_text().replace("\xa0", " ") == "Пришли: 2 заявки"
    page.go_back()
    page.select_option("#company", label="Ладога")
    page.get_by_role("button", name="Показать").click()
    assert "22 из 22" in page.locator(".five").inner_text().replace("\xa0", " ")

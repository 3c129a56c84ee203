"""The palette: a few letters lead to a request, a company, a view or an act, in either layout, by keys alone."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, Route, expect

from app.extensions import db
from app.search import indexing
from tests.browser.conftest import Site
from tests.cast import bob, neva_trade, request_of_carol


def opened(site: Site, signed_in: Callable[..., BrowserContext], path: str) -> Page:
    page = signed_in().new_page()
    db.session.rollback()
    page.goto(f"{site.url}{path}")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Номер, компания")).to_be_focused()
    return page


def test_a_number_opens_its_request(site: Site, signed_in: Callable[..., BrowserContext]):
    number = request_of_carol().number
    page = opened(site, signed_in, "/queue")
    page.keyboard.type(f"№ {number}")
    expect(page.get_by_role("option").first).to_contain_text(number)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/tickets/{number}")


def test_views_and_acts_in_the_other_layout(site: Site, signed_in: Callable[..., BrowserContext]):
    number = request_of_carol().number
    page = opened(site, signed_in, "/queue")
    page.keyboard.type("cjhxyst")  # «сорчные» mistyped as a whole word leads nowhere
    expect(page.get_by_role("option")).to_have_count(0)
    page.keyboard.press("Control+a")
    page.keyboard.type("chjxyst")  # «срочные»
    page.keyboard.press("Enter")
    page.wait_for_url("**view=urgent*")
    page.goto(f"{site.url}/tickets/{number}")
    page.keyboard.press("Control+k")
    page.keyboard.type("взять")
    expect(page.get_by_role("option", name="Взять себе")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator(".desk--ticket")).to_have_attribute("data-state", "open")


def test_acts_of_a_request_stand_first_and_each_can_be_done(
    site: Site, signed_in: Callable[..., BrowserContext]
) -> None:
    colleague = bob().name
    number = request_of_carol().number
    page = opened(site, signed_in, f"/tickets/{number}?view=open")
    options = page.get_by_role("option")
    expect(options.first).not_to_have_text("Заявки")
    # What has a key is offered before anything is typed.
    for words in ("Взять себеC", "РешитьS", "Ответ клиентуR", "ЗаметкаI"):
        expect(options.filter(has_text=words)).to_have_count(1)
    for words, what in (
        ("срочной", "Сделать срочной"),
        ("перенести", "Перенести срок"),
        ("белов", f"Назначить: {colleague}"),
    ):
        page.keyboard.press("Control+a")
        page.keyboard.type(words)
        expect(options.first).to_contain_text(what)
    page.keyboard.press("Enter")
    expect(page.locator("#conversation")).to_contain_text("назначено")
    page.keyboard.press("Control+k")
    page.keyboard.type("срочной")
    page.keyboard.press("Enter")
    expect(page.locator(".desk--ticket")).to_have_attribute("data-urgency", "urgent")
    page.keyboard.press("Control+k")
    page.keyboard.type("перенести")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Новый срок")).to_be_focused()


def test_a_company_leads_to_what_it_asked(site: Site, signed_in: Callable[..., BrowserContext]):
    company = neva_trade()
    number, name = request_of_carol().number, company.name
    indexing.run()
    page = opened(site, signed_in, "/queue")
    page.keyboard.type("нева")
    option = page.get_by_role("option", name=name).first
    expect(option).to_be_visible()
    option.click()
    page.wait_for_url("**/search?**")
    expect(page.locator("main")).to_contain_text(number)


def test_it_closes_and_words_that_nothing_answers_are_searched(site: Site, signed_in: Callable[..., BrowserContext]):
    page = opened(site, signed_in, "/queue")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("Control+k")
    page.keyboard.type("квантовый сепулятор")
    expect(page.get_by_text("Ничего не нашли. Enter")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")


def test_keys_are_back_in_the_moment_it_closes(site: Site, signed_in: Callable[..., BrowserContext]):
    page = opened(site, signed_in, "/queue")
    page.evaluate(
        """() => {
          document.getElementById("palette").close();
          const key = { key: "?", code: "Slash", shiftKey: true, bubbles: true, cancelable: true };
          document.activeElement.dispatchEvent(new KeyboardEvent("keydown", key));
        }"""
    )
    expect(page.get_by_role("dialog", name="Клавиши")).to_be_visible()


def test_an_answer_to_other_words_is_not_offered(site: Site, signed_in: Callable[..., BrowserContext]):
    page, asked = signed_in().new_page(), list[Route]()

    def hold(route: Route) -> None:
        asked.append(route)

    page.clock.install()
    page.goto(f"{site.url}/queue")
    page.keyboard.press("Control+k")
    page.route("**/palette*", hold)
    page.keyboard.type("квант")
    with page.expect_request("**/palette*"):
        page.clock.run_for(200)
    page.keyboard.type("овый сепулятор")  # before the answer, and before these words are asked for
    page.evaluate("true")  # the route above has been heard of by then
    with page.expect_response("**/palette*"):
        asked[0].fulfill(json=[{"label": "Квант, ООО", "detail": "", "href": "/queue"}])
    page.evaluate("() => fetch('/login/still').then(() => true)")  # and what waited for the answer has gone on
    expect(page.get_by_role("option", name="Квант, ООО")).to_have_count(0)

"""Writing an answer in a real Chromium: templates by key and by hand."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from app import answer_templates, clock, outbox, tickets
from app.extensions import db
from app.models import Ticket
from tests.browser.conftest import Site
from tests.cast import acting, alice, bob, neva_trade, request_of_carol


def opened(site: Site, page: Page, ticket: Ticket) -> Page:
    number = ticket.number
    db.session.rollback()
    page.goto(f"{site.url}/tickets/{number}?view=open")
    return page


def test_a_template_is_set_in_by_keys(site: Site, signed_in: Callable[..., BrowserContext]):
    neva_trade()
    ticket, _other = request_of_carol(), request_of_carol()
    for name in ("Взяли в работу", "Нужен снимок экрана", "Подключимся удалённо", "Решено, проверьте", "Нужен выезд"):
        answer_templates.make(name, f"Заявка {{номер}}: {name}", acting(alice()), clock.now(), is_shared=False)
    outbox.commit()
    page = opened(site, signed_in().new_page(), ticket)
    text = page.locator("#text")
    text.fill("Здравствуйте!")
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    expect(page.get_by_role("button", name="Взяли в работу")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(text).to_have_value(f"Здравствуйте!\nЗаявка {ticket.number}: Нужен снимок экрана")
    expect(text).to_be_focused()
    page.get_by_text("Ещё 1").click()
    page.get_by_role("button", name="Нужен выезд").click()
    expect(text).to_have_value(
        f"Здравствуйте!\nЗаявка {ticket.number}: Нужен снимок экрана\nЗаявка {ticket.number}: Нужен выезд"
    )
    text.press("Control+Enter")
    expect(page.get_by_text("Нужен выезд").first).to_be_visible()
    expect(page.locator(".message--reply, .message")).not_to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page).to_have_url(f"{site.url}/tickets/{_other.number}?view=open")


def test_a_draft_is_kept_elsewhere_and_gone_when_sent(site: Site, signed_in: Callable[..., BrowserContext]):
    ticket = request_of_carol()
    desk = signed_in()
    page = opened(site, desk.new_page(), ticket)
    with page.expect_response(lambda answer: answer.url.endswith("/draft") and answer.status == 204):
        page.locator("#text").press_sequentially("Перезапустил службу")
    expect(page.get_by_text("Черновик сохранён в")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0
    elsewhere = opened(site, signed_in().new_page(), ticket)
    expect(elsewhere.locator("#text")).to_have_value("Перезапустил службу")
    page.locator("#text").press_sequentially(", проверьте")
    page.locator("#text").press("Control+Enter")
    expect(page.get_by_text("Перезапустил службу, проверьте")).to_be_visible()
    expect(page.locator("#text")).to_have_value("")
    assert page.evaluate("localStorage.length") == 0
    expect(opened(site, elsewhere, ticket).locator("#text")).to_have_value("")


def test_words_typed_without_the_server_stay_on_the_device(site: Site, signed_in: Callable[..., BrowserContext]):
    ticket = request_of_carol()
    desk = signed_in()
    page = opened(site, desk.new_page(), ticket)
    page.route("**/draft", lambda route: route.abort())
    page.locator("#text").fill("Связи нет")
    expect(page.get_by_text("Черновик пока только на этом устройстве")).to_be_visible()
    page.unroute("**/draft")
    with page.expect_response(lambda answer: answer.url.endswith("/draft") and answer.status == 204):
        opened(site, page, ticket)
        expect(page.locator("#text")).to_have_value("Связи нет")


def test_handing_over_opens_where_its_button_leads(site: Site, signed_in: Callable[..., BrowserContext]):
    ticket, colleague = request_of_carol(), bob()
    tickets.take(ticket, acting(alice()), clock.now())
    outbox.commit()
    page = opened(site, signed_in().new_page(), ticket)
    expect(page.locator("#hand_to")).to_be_hidden()
    page.get_by_role("link", name="Передать").click()
    page.get_by_role("combobox", name="Кому").select_option(label=colleague.name)
    page.get_by_label("Что сделано и что осталось").fill("Ключ на месте, остался автозапуск")
    page.get_by_role("button", name="Передать").click()
    expect(page.get_by_text("назначено: Алиса Орлова")).to_be_visible()
    expect(page.get_by_text("Ключ на месте, остался автозапуск")).to_be_visible()


TINY_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGP8z8Dwn4GBgYGJAQoAHxcCAr7cWdIAAAAASUVORK5CYII="
HANDED = """([how, type]) => {
  const bytes = Uint8Array.from(atob("PNG"), (one) => one.charCodeAt(0));
  const data = new DataTransfer();
  if (type === "both") data.setData("text/plain", "ячейка");
  data.items.add(new File([bytes], "screen.png", { type: "image/png" }));
  const event = how === "paste"
    ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
    : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
  document.getElementById("text").dispatchEvent(event);
}""".replace("PNG", TINY_PNG)


def test_pictures_are_pasted_dropped_and_seen(site: Site, signed_in: Callable[..., BrowserContext]):
    ticket = request_of_carol()
    page = opened(site, signed_in().new_page(), ticket)
    rows = page.locator(".uploads input[name=uploads]")
    page.evaluate(HANDED, ["paste", "both"])
    page.evaluate(HANDED, ["paste", "picture"])
    expect(rows).to_have_count(1)
    page.evaluate(HANDED, ["drop", "picture"])
    expect(rows).to_have_count(2)
    page.locator("#text").fill("Снимки экрана")
    page.locator("#text").press("Control+Enter")
    pictures = page.locator(".files__picture")
    expect(pictures).to_have_count(2)
    expect(page.get_by_role("link", name="screen.png").first).to_be_visible()
    page.wait_for_function("[...document.querySelectorAll('.files__picture')].every((one) => one.naturalWidth === 2)")

"""Carol's page stays open while Alice works: it changes by itself and never takes away what Carol is writing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app import clock, outbox, tickets
from app.models import Ticket
from app.tickets import Contribution
from app.web import links
from tests import cast
from tests.browser.conftest import Site

POLL = 26_000  # ms: a little over what the fragments wait


@pytest.fixture
def ticket(site: Site) -> Ticket:
    ticket = cast.request_of_carol()
    tickets.take(ticket, cast.acting(cast.alice()), clock.now())
    outbox.commit()
    return ticket


def watch(page: Page, site: Site, ticket: Ticket) -> None:
    page.clock.install()
    page.goto(f"{site.url}/r/{links.token_of(ticket)}")


def test_an_answer_appears_by_itself(site: Site, page: Page, ticket: Ticket):
    watch(page, site, ticket)
    tickets.reply(ticket, Contribution("Вижу ошибку на сервере"), cast.acting(cast.alice()), clock.now())
    outbox.commit()
    page.clock.run_for(POLL)
    expect(page.locator("#thread")).to_contain_text("Вижу ошибку на сервере")


def test_a_solution_brings_the_rating_by_itself(site: Site, page: Page, ticket: Ticket):
    watch(page, site, ticket)
    tickets.solve(ticket, Contribution("Починили"), cast.acting(cast.alice()), clock.now())
    outbox.commit()
    page.clock.run_for(POLL)
    expect(page.locator("article")).to_have_attribute("data-state", "solved")
    expect(page.get_by_text("Оцените, как мы справились")).to_be_visible()


def test_what_is_being_written_stays(site: Site, page: Page, ticket: Ticket):
    watch(page, site, ticket)
    page.locator("summary", has_text="Написать инженеру").click()
    page.fill("#answer", "Я как раз пишу вам")
    tickets.solve(ticket, Contribution("Починили"), cast.acting(cast.alice()), clock.now())
    outbox.commit()
    page.clock.run_for(POLL)
    expect(page.locator("#standing")).to_contain_text("Заявка изменилась")
    expect(page.locator("#answer")).to_have_value("Я как раз пишу вам")
    page.get_by_role("button", name="Отправить", exact=True).last.click()
    expect(page.locator("#thread")).to_contain_text("Я как раз пишу вам")


def test_a_desk_that_is_away_changes_nothing_on_the_page(site: Site, page: Page, ticket: Ticket):
    watch(page, site, ticket)
    page.route("**/standing*", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    page.route("**/thread*", lambda route: route.abort())
    page.clock.run_for(POLL)
    expect(page.locator("#standing")).to_contain_text("В работе")
    expect(page.locator("#thread")).to_contain_text("1С не открывается")


def test_a_letter_leads_to_the_box_it_names(site: Site, page: Page, ticket: Ticket):
    tickets.solve(ticket, Contribution("Починили"), cast.acting(cast.alice()), clock.now())
    outbox.commit()
    address = f"{site.url}/r/{links.token_of(ticket)}"
    page.goto(f"{address}#reopen")
    expect(page.locator("#reopening")).to_be_visible()
    page.goto(f"{address}?rating=5")
    expect(page.locator("input[name=rating][value='5']")).to_be_checked()


def test_a_chosen_file_is_not_taken_away(site: Site, page: Page, ticket: Ticket):
    tickets.ask(ticket, Contribution("Что на экране?"), cast.acting(cast.alice()), clock.now())
    outbox.commit()
    watch(page, site, ticket)
    page.set_input_files("#files", {"name": "экран.png", "mimeType": "image/png", "buffer": b"x"})
    expect(page.locator(".uploads input[name=uploads]")).to_have_count(1)
    page.evaluate("document.activeElement.blur()")
    tickets.solve(ticket, Contribution("Починили"), cast.acting(cast.alice()), clock.now())
    outbox.commit()
    page.clock.run_for(POLL)
    expect(page.locator("#standing")).to_contain_text("Заявка изменилась")
    expect(page.locator(".uploads li")).to_contain_text("экран.png")


def test_words_that_are_not_sent_yet_outlive_other_acts_and_a_reload(site: Site, page: Page, ticket: Ticket):
    address = f"{site.url}/r/{links.token_of(ticket)}"
    opens, words = page.locator("summary", has_text="Написать инженеру"), page.locator("#answer")
    outbox.commit()
    page.goto(address)
    opens.click()
    words.fill("Перезагрузили, не помогло")
    page.goto(f"{address}/urgency")
    page.get_by_role("button", name="Да, это срочно").click()
    page.wait_for_url("**done=urgency")
    expect(words).to_be_visible()
    expect(words).to_have_value("Перезагрузили, не помогло")
    page.get_by_role("button", name="Отправить", exact=True).last.click()
    page.wait_for_url("**done=answer")
    expect(words).to_have_value("")
    opens.click()
    words.fill("И ещё одно")
    page.reload()
    expect(words).to_have_value("И ещё одно")


@pytest.mark.parametrize("closed", [timedelta(0), timedelta(days=40)], ids=["opened anew", "a new one follows"])
def test_what_did_not_help_is_kept_in_sight_until_it_is_sent(site: Site, page: Page, ticket: Ticket, closed: timedelta):
    tickets.solve(ticket, Contribution("Починили"), cast.acting(cast.alice()), clock.now())
    if closed:
        tickets.close(ticket, clock.now())
        ticket.closed_at = clock.now() - closed
    outbox.commit()
    address, words = f"{site.url}/r/{links.token_of(ticket)}", page.locator("#reopening")
    page.goto(address)
    page.locator("summary", has_text="Открыть заново").click()
    words.fill("Снова не печатает")
    page.reload()
    expect(words).to_be_visible()
    expect(words).to_have_value("Снова не печатает")
    page.locator("#reopen").get_by_role("button", name="Открыть заново").click()
    page.wait_for_url(f"**done={'following' if closed else 'reopening'}")
    expect(page.locator("#thread")).to_contain_text("Снова не печатает")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))") == []

"""A working day without JavaScript: everything but what is live, keys and the palette is links and forms."""

from __future__ import annotations

from collections.abc import Callable

import pyotp
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from app import answer_templates, outbox
from app.accounts import second_factor
from app.clock import now
from app.extensions import db
from app.models import Holder, Staff, State, Ticket
from app.search import indexing
from tests.browser.conftest import Site
from tests.cast import PASSWORD, acting, alice, bob, carol, neva_trade, request_of_carol

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def plain(site: Site, signed_in: Callable[..., BrowserContext]) -> Page:
    """Alice's page without script; colleagues and a client are there."""
    bob(), neva_trade(), carol()
    page = signed_in(java_script_enabled=False).new_page()
    db.session.rollback()
    return page


def made(*texts: str) -> list[str]:
    numbers = [request_of_carol(text=text).number for text in texts]
    db.session.rollback()
    return numbers


def standing(number: str) -> tuple[State, str]:
    """Its state and the name of whose it is; SQLite's one writer is free again."""
    db.session.rollback()
    query = select(Ticket.state, Staff.name).outerjoin(Staff, Staff.id == Ticket.engineer_id)
    state, name = db.session.execute(query.where(Ticket.number == number)).one()
    db.session.rollback()
    return state, name or ""


def test_signing_in_with_a_code(site: Site, context_of: Callable[..., BrowserContext]) -> None:
    member = alice()
    factor = second_factor.begin(member)
    phone = pyotp.TOTP(second_factor.secret_of(factor))
    at = now()
    second_factor.confirm(factor, member, phone.at(int(at.timestamp()) - 30), at)
    outbox.commit()
    page = context_of(java_script_enabled=False).new_page()
    page.goto(f"{site.url}/queue")
    page.get_by_label("E-mail").fill("alice@stek.example")
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()
    page.get_by_label("Шесть цифр").fill(phone.at(int(now().timestamp())))
    page.locator("main form button").first.click()
    expect(page.locator("h1")).to_have_text("Все открытые")


def test_a_request_from_taking_to_solving(site: Site, plain: Page) -> None:
    [number] = made("Касса не пробивает чеки")
    answer_templates.make("Взяли", "Заявку {номер} взяли", acting(alice()), now(), is_shared=False)
    outbox.commit()
    plain.goto(f"{site.url}/queue")
    plain.locator(f"#t{number}").hover()
    plain.get_by_role("button", name=f"Взять себе {number}").click()
    assert standing(number) == (State.OPEN, "Алиса Орлова")
    plain.get_by_role("button", name="Отменить").click()  # at the foot of the list
    assert standing(number) == (State.NEW, "")
    plain.get_by_role("link", name="Касса не пробивает чеки").click()
    plain.get_by_role("button", name="Взять себе").click()
    plain.get_by_role("button", name="Взяли").click()
    expect(plain.locator("#text")).to_have_value(f"Заявку {number} взяли")
    plain.get_by_role("button", name="Отправить клиенту").click()
    expect(plain.locator("#conversation")).to_contain_text("Уйдёт клиенту")
    plain.get_by_role("button", name="Отменить отправку").click()
    expect(plain.locator("#text")).to_have_value(f"Заявку {number} взяли")
    plain.locator("#kind-note").check(force=True)
    plain.locator("#text").fill("@Белов, глянь")
    plain.get_by_role("button", name="Сохранить заметку").click()
    expect(plain.locator("#conversation")).to_contain_text("@Белов, глянь")
    plain.locator("#text").fill("Какая модель?")
    plain.locator(".composer__send summary").click()
    plain.get_by_role("button", name="…и ждать клиента").click()
    assert standing(number)[0] is State.WAITING
    plain.locator(".ticket-head__solve summary").click()
    plain.locator("#solution-text").fill("Заменили ленту")
    plain.get_by_role("button", name="Решить и сообщить клиенту").click()
    assert standing(number)[0] is State.SOLVED
    plain.locator(".ticket-head__acts summary").first.click()
    plain.get_by_role("button", name="Открыть заново").click()
    assert standing(number)[0] is State.OPEN


def test_whose_it_is_how_urgent_and_until_when(site: Site, plain: Page) -> None:
    [number] = made("Нет сети")
    plain.goto(f"{site.url}/tickets/{number}")
    plain.locator("summary", has_text="Назначить").click()
    plain.get_by_role("button", name="Алиса Орлова, вы").click()
    assert standing(number) == (State.OPEN, "Алиса Орлова")
    plain.get_by_role("link", name="Передать").click()
    plain.locator("#hand_to").select_option(label="Борис Белов")
    plain.locator("#hand_why").fill("Остался автозапуск")
    plain.get_by_role("button", name="Передать", exact=True).click()
    assert standing(number) == (State.OPEN, "Борис Белов")
    plain.get_by_role("button", name="Сделать срочной").click()
    expect(plain.locator(".desk--ticket")).to_have_attribute("data-urgency", "urgent")
    plain.locator("summary", has_text="Перенести срок").click()
    plain.get_by_label("Новый срок").fill(f"{now().year + 5}-11-27T12:00")
    plain.get_by_role("button", name="Перенести", exact=True).click()
    expect(plain.get_by_role("link", name="Причина").or_(plain.locator(".error-summary a"))).to_be_visible()
    plain.get_by_label("Причина").fill("Ждём деталь")
    plain.get_by_role("button", name="Перенести", exact=True).click()
    expect(plain.locator("#conversation")).to_contain_text("Ждём деталь")
    plain.locator("summary", has_text="Ждём третью сторону").click()
    plain.get_by_label("Кого и чего ждём").fill("Провайдера")
    plain.get_by_role("button", name="Ждём третью сторону").click()
    db.session.rollback()
    assert db.session.scalar(select(Ticket.holder).where(Ticket.number == number)) is Holder.THIRD_PARTY
    db.session.rollback()


def test_many_at_once_merged_and_one_trouble_of_several(site: Site, plain: Page) -> None:
    first, second, third = made("Касса", "Касса стоит", "Мышь")
    plain.goto(f"{site.url}/queue")
    for number in (first, second):
        plain.get_by_label(f"Выбрать заявку {number}").check()
    plain.get_by_role("button", name="Назначить").click()
    plain.get_by_label("Инженер").select_option(label="Борис Белов")
    plain.get_by_role("button", name="Назначить").click()
    assert standing(first)[1] == standing(second)[1] == "Борис Белов"
    plain.get_by_role("button", name="Отменить").click()
    assert standing(first)[1] == standing(second)[1] == ""
    for number in (first, second):
        plain.get_by_label(f"Выбрать заявку {number}").check()
    plain.get_by_role("button", name="Объединить").click()
    plain.get_by_role("button", name="Объединить").click()
    assert {standing(first)[0], standing(second)[0]} == {State.NEW, State.CLOSED}
    left = first if standing(first)[0] is State.NEW else second
    plain.goto(f"{site.url}/incidents?numbers={left},{third}")
    plain.get_by_label("Что случилось").fill("Авария у провайдера")
    plain.get_by_role("button", name="Завести общий сбой").click()
    plain.get_by_label("Текст для каждого клиента").fill("Провайдер чинит связь")
    plain.get_by_role("button", name="Решить все").click()
    assert standing(left)[0] is standing(third)[0] is State.SOLVED


def test_the_next_one_and_a_reason_to_leave_it_to_another(site: Site, plain: Page) -> None:
    made("Касса", "Мышь")
    plain.goto(f"{site.url}/queue")
    plain.get_by_role("button", name="Взять следующую").click()
    taken = str(plain.locator(".desk--ticket").get_attribute("data-ticket"))
    assert standing(taken)[1] == "Алиса Орлова"
    plain.locator("summary", has_text="Лучше другому?").click()
    plain.get_by_label("Почему её лучше взять другому").fill("Знает Борис")
    plain.get_by_role("button", name="Вернуть в очередь и взять следующую").click()
    assert standing(taken)[1] == ""
    assert standing(str(plain.locator(".desk--ticket").get_attribute("data-ticket")))[1] == "Алиса Орлова"


def test_a_call_is_registered_and_words_are_added(site: Site, plain: Page) -> None:
    plain.goto(f"{site.url}/tickets/new")
    plain.get_by_label("Номер, с которого звонят").fill("8 900 555-01-44")
    plain.get_by_role("button", name="Найти").click()
    expect(plain.locator("h1")).to_contain_text("Петрова Ольга Сергеевна")
    plain.get_by_label("Что случилось").fill("Не открывается банк")
    plain.get_by_role("button", name="Сохранить черновик и занять номер").click()
    number = str(plain.locator("#say").get_attribute("data-number"))
    plain.locator("#urgent").check(force=True)
    plain.get_by_role("button", name="Зарегистрировать").click()
    expect(plain.locator("h1")).to_have_text("Заявка записана")
    assert standing(number) == (State.OPEN, "Алиса Орлова")
    plain.goto(f"{site.url}/tickets/new?phone=89005550144")
    plain.get_by_label("Что случилось").fill("И сканер")
    plain.get_by_role("button", name="Дописать сюда").click()
    expect(plain.locator("#conversation")).to_contain_text("И сканер")


def test_searching_narrowing_and_a_view_of_ones_own(site: Site, plain: Page) -> None:
    number, _other = made("Принтеры не печатают", "Мышь")
    indexing.run()
    plain.goto(f"{site.url}/queue")
    plain.get_by_role("searchbox").fill("принтер")
    plain.get_by_role("searchbox").press("Enter")
    expect(plain.locator("main")).to_contain_text("Принтеры не печатают")
    plain.goto(f"{site.url}/search?q={number}")
    expect(plain).to_have_url(f"{site.url}/tickets/{number}")
    plain.goto(f"{site.url}/queue")
    plain.get_by_text("Сузить или сохранить вид").click()
    plain.get_by_role("link", name="Открыть на отдельной странице").click()
    plain.get_by_label("Канал").select_option(index=1)
    plain.get_by_role("button", name="Показать").click()
    assert "channel=" in plain.url

"""Client companies by the pages: found, made, changed, under several contracts, put away and taken back."""

from __future__ import annotations

from datetime import date

from flask import Flask

from app import outbox
from app.clock import now
from app.extensions import db
from app.intake.identify import identify
from app.models import ChangeKind, ClientChange, Company, CompanyDomain, Contract, Notify, Person, UrgentClock
from app.models.company import name_key
from tests.cast import alice, carol, masha, neva_trade, request_of_carol
from tests.web.browse import Browser, Page
from tests.web.signing_in import browser_of


def named(name: str) -> Company:
    return db.session.query(Company).filter_by(name=name).one()


def shown(page: Page) -> list[str]:
    return ["".join(link.itertext()) for link in page.all("a", class_="rows__title")]


def many(count: int) -> None:
    names = [f"Фирма {number:03}" for number in range(count)]
    db.session.add_all(Company(name=name, name_key=name_key(name), created_at=now()) for name in names)
    outbox.commit()


def test_nothing_says_what_to_do(manager: Browser):
    assert "Заведите первую" in manager.open("/companies").text
    assert "Архив пуст" in manager.open("/companies?view=archive").text
    assert "По «Рога» компаний нет" in manager.open("/companies?q=Рога").text


def test_two_hundred_are_read_page_by_page_each_once(manager: Browser, count_queries):
    many(200)
    seen, address = [], "/companies"
    while address:
        with count_queries() as asked:
            page = manager.open(address)
        assert asked() < 14
        seen += shown(page)
        following = [link.get("href") for link in page.all("a") if "".join(link.itertext()) == "Дальше"]
        address = (following[0] or "") if following else ""
    assert seen == [f"Фирма {number:03}" for number in range(200)]


def test_found_by_name_domain_and_contract(manager: Browser):
    neva_trade()
    many(3)
    for query in ("нева", "НЕВА-ТРЕЙД", "neva-trade.ex", "@neva-trade.example", "118/2024"):
        assert shown(manager.open(f"/companies?q={query}")) == ["ООО «Нева-Трейд»"], query
    assert shown(manager.open("/companies?q=100%25")) == []


def test_every_wrong_field_is_named_and_what_was_typed_stays(manager: Browser):
    page = manager.send(
        manager.open("/companies/new"),
        "/companies",
        status=422,
        name=" ",
        domains="mail.ru",
        notice_email="office",
        notify="nobody",
        notes="x" * 5001,
    )
    assert page.title.startswith("Ошибка:")
    for words in ("Напишите название", "общая почта", "не хватает знака @", "Выберите, куда", "помещается 5000"):
        assert words in page.text
    assert page.one("input", id="notice_email").get("value") == "office"
    assert db.session.query(Company).count() == 0
    neva_trade()
    page = manager.send(
        manager.open("/companies/new"), "/companies", status=422, name="Нева-Трейд", domains="neva-trade.example"
    )
    assert "уже есть: ООО «Нева-Трейд»" in page.text
    assert "домен уже у другой" in page.text
    manager.send(page, "/companies", name="Нева-Трейд", domains="", is_other="1")
    assert db.session.query(Company).count() == 2


def test_a_change_shows_in_the_history_and_the_same_again_does_not(manager: Browser):
    company = neva_trade()
    page = manager.open(f"/companies/{company.id}/edit")
    assert page.one("textarea", id="domains").text == "neva-trade.example"
    card = manager.send(page, f"/companies/{company.id}", notify="applicant", notes="Звонить после 11")
    assert named("ООО «Нева-Трейд»").notify is Notify.APPLICANT
    assert "изменено: куда уведомлять, важно знать" in card.text
    manager.send(manager.open(f"/companies/{company.id}/edit"), f"/companies/{company.id}")
    assert db.session.query(ClientChange).count() == 1


def test_the_card_tells_people_open_requests_and_kept_promises(manager: Browser, count_queries):
    ticket, company = request_of_carol(), neva_trade()
    with count_queries() as asked:
        card = manager.open(f"/companies/{company.id}")
    assert asked() < 20
    assert "1С не открывается" in card.text
    assert card.all("li", data_ticket=ticket.number)
    assert "В этом квартале сроков ещё не было" in card.text
    assert "118/2024" in card.text
    assert manager.open("/companies/99999", status=404).status == 404
    manager.open("/companies/99999999999999999999", status=404)
    manager.open(f"/companies/{company.id}/contracts/77", status=404)


def test_the_archive_takes_a_company_off_the_lists_and_gives_it_back(manager: Browser):
    company = neva_trade()
    path = f"/companies/{company.id}"
    card = manager.send(manager.open(path), f"{path}/archive")
    assert "В архиве с" in card.text
    assert shown(manager.open("/companies")) == []
    assert shown(manager.open("/companies?view=archive")) == ["ООО «Нева-Трейд»"]
    stranger = identify("new@neva-trade.example", "", "Новый", "Нева-Трейд", now())
    assert stranger.company is None
    db.session.rollback()
    manager.send(manager.open(path), f"{path}/restoration")
    assert identify("new@neva-trade.example", "", "Новый", "", now()).company is not None
    db.session.rollback()
    assert [row.kind for row in db.session.query(ClientChange).order_by(ClientChange.id)] == [
        ChangeKind.ARCHIVED,
        ChangeKind.RESTORED,
    ]


def test_only_managers_come_in_and_methods_hold(app: Flask):
    company_id = neva_trade().id
    pages = ["/companies", "/companies/new", f"/companies/{company_id}", f"/companies/{company_id}/edit"]
    acts = ["/companies", f"/companies/{company_id}/archive", f"/companies/{company_id}/contracts"]
    stranger, engineer, boss = app.test_client(), browser_of(app, alice()), browser_of(app, masha())
    for path in pages:
        assert stranger.get(path).status_code == 302, path
        assert engineer.get(path).status_code == 403, path
    for path in acts:
        assert stranger.post(path).status_code in {400, 401}, path
        assert engineer.post(path).status_code in {400, 403}, path
        assert boss.post(path).status_code == 400, path  # no CSRF token
    assert boss.get(f"/companies/{company_id}/archive").status_code == 405
    assert "Клиенты" in boss.get("/queue").text
    assert "Клиенты" not in engineer.get("/queue").text


def test_what_people_write_into_names_stays_text(manager: Browser):
    name = "<script>alert(1)</script> " + "Длинное" * 20
    page = manager.send(manager.open("/companies/new"), "/companies", name=name, notes="<b>жирно</b>")
    assert "<b>жирно</b>" in page.text
    assert shown(manager.open("/companies"))[0].startswith("<script>")


def test_free_mail_never_leads_to_a_company(manager: Browser):
    company = neva_trade()
    db.session.add(CompanyDomain(domain="yandex.ru", company_id=company.id))  # as an old import might have left it
    outbox.commit()
    assert identify("someone@yandex.ru", "", "", "", now()).company is None
    db.session.rollback()
    assert UrgentClock.SERVICE_HOURS.value in manager.open(f"/companies/{company.id}/contracts/new").response.text
    assert carol().company_id == company.id
    assert db.session.query(Person).count() == 1
    assert date(2024, 1, 1) == db.session.query(Contract).one().valid_from

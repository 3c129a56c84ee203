"""The pages of reports: figures lead to their requests, filters stand in the address, files are harmless."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import pytest
from flask import Flask

from app import clock, outbox
from app.config import settings
from app.extensions import db
from app.models import Company, Ticket
from app.reports import lists
from app.reports import period as periods
from app.reports.lists import Figure, Wanted
from app.reports.period import Named
from app.reports.scope import EVERYTHING
from tests.cast import alice, masha, request_of_carol
from tests.reports import firm
from tests.web.browse import Browser, Page
from tests.web.signing_in import signed_in

OCTOBER = "period=own&from=2026-10-01&to=2026-10-31"


def cells(browser: Browser, address: str) -> list[list[str]]:
    answer = browser.client.get(address)
    assert answer.status_code == 200, address
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


def links(page: Page, part: str) -> list[str]:
    return [href for href in (one.get("href") or "" for one in page.all("a")) if part in href]


def test_an_empty_desk_says_so(manager: Browser):
    page = manager.open("/reports")
    assert "За этот период заявок нет" in page.text
    assert "мало данных" in page.text
    for dimension in ("company", "engineer", "channel", "contract"):
        assert "За этот период заявок нет" in manager.open(f"/reports/by/{dimension}").text
    assert "Таких заявок нет" in manager.open("/reports/requests?figure=broken").text
    assert len(cells(manager, "/reports/companies.csv")) == 1


def test_the_firm_of_forty(manager: Browser):
    """All in one test: the firm is founded once for each database."""
    firm.found()
    a_month_at_a_glance_and_every_figure_opens_as_many_requests(manager)
    filters_stand_in_the_address_and_in_every_link(manager)
    files_say_what_the_pages_say(manager)


def a_month_at_a_glance_and_every_figure_opens_as_many_requests(manager: Browser) -> None:
    page = manager.open(f"/reports?{OCTOBER}")
    for told in (
        "1–31 октября 2026",
        "86,4 % 38 из 44, просрочено 6.",
        "12 мин медиана; 9 из 10 быстрее 30 мин. 37 заявок.",
        "2 ч медиана; 9 из 10 быстрее 8 ч. 37 заявок.",
        "8 из 10 2 не успели, разобрать",
        "3,8 из 5 10 оценок, ответили 27 % клиентов.",
        "Открывали заново: 6 из 37 решённых",
        "Первый ответ в срок: 94,9 %, 37 из 39",
        "Больше всего приходит с 10:00 до 11:00: 12 заявок",
        "Единицы и двойки: 2 заявки",
    ):
        assert told in page.text, told
    for href in {href for href in links(page, "/reports/requests") if "figure=" in href}:
        shown = manager.open(href)
        heading = "".join(shown.one("h1").itertext()).replace("\xa0", " ")
        total = int(heading.rpartition(": ")[2].split()[0])
        assert total == len([row for row in shown.all("tr") if row.get("data-ticket")]), href
        assert total > 0, href


def filters_stand_in_the_address_and_in_every_link(manager: Browser) -> None:
    ladoga = db.session.query(Company).filter_by(name="Ладога").one().id
    page = manager.open(f"/reports?{OCTOBER}&company={ladoga}&channel=phone")
    assert "100 % 10 из 10." in page.text
    assert page.one("option", value=str(ladoga), selected="").text == "Ладога"
    assert all(f"company={ladoga}" in href for href in links(page, "/reports/requests"))
    table = manager.open(f"/reports/by/contract?{OCTOBER}")
    assert "118/2024" in table.text
    assert "без договора" in table.text
    assert "мало данных" in manager.open(f"/reports?{OCTOBER}&company=0").text
    assert "По алфавиту" in page.text


WRONG = {
    "period=own&from=2026-10-31&to=2026-10-01": "Конец раньше начала",
    "period=own&from=2010-01-01&to=2026-10-01": "не больше чем за десять лет",
    "period=own&from=вчера&to=2026-10-01": "Это не дата",
    "period=own&to=2026-10-01": "Укажите обе даты",
    "period=own&from=0001-01-01&to=9999-12-31": "Назовите годы",
    "period=never": "Такого периода нет",
    "company=77777": "Такой компании нет",
    "company=99999999999999999999": "Такой компании нет",
    "engineer=x": "Такого инженера нет",
    "channel=fax": "Такого канала нет",
    "compare=x": "Такого сравнения нет",
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_wrong_filter_is_named_and_kept(manager: Browser):
    for query, sentence in WRONG.items():
        assert sentence in manager.open(f"/reports/requests?{query}", status=422).text
    assert "Такой компании нет" in manager.open("/reports?company=77777", status=422).text
    assert "Такого периода нет" in manager.open("/reports/by/company?period=never", status=422).text
    assert manager.client.get("/reports/companies.csv?period=never").status_code == 422


def test_ten_years_and_every_period_work(manager: Browser):
    request_of_carol()
    ten_years = "period=own&from=2017-01-01&to=2026-12-31"
    assert "1 января 2017 – 31 декабря 2026" in manager.open(f"/reports?{ten_years}").text
    for period in ("week", "month", "quarter", "year", "last_week", "last_month", "last_quarter"):
        assert manager.open(f"/reports?period={period}&compare=year_ago").status == 200
    assert len(cells(manager, f"/reports/requests.csv?{ten_years}")) == 2
    assert "26 октября 2026" in manager.open("/reports?period=own&from=2026-10-26&to=2026-10-26").text


def test_whoever_takes_a_file_slowly_holds_no_transaction(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lists, "_BATCH", 2)
    for place in range(5):
        request_of_carol(text=f"Касса {place}")
    today = periods.named(Named.WEEK, clock.now(), settings().time_zone)
    rows = lists.every(Wanted(Figure.CAME), today, EVERYTHING)
    for _ in range(5):
        next(rows)
        assert not db.session().in_transaction()


def files_say_what_the_pages_say(manager: Browser) -> None:
    rows = cells(manager, f"/reports/overview.csv?{OCTOBER}")
    assert rows[1] == ["Решено в срок, %", "86,4", "44", "0,0", "1"]
    assert len(cells(manager, f"/reports/requests.csv?figure=kept&{OCTOBER}")) == 39
    assert [row[:3] for row in cells(manager, f"/reports/companies.csv?{OCTOBER}")][1:] == [
        ["Ладога", "16", "16"],
        ["Одна", "1", "0"],
        ["ООО «Нева-Трейд»", "20", "21"],
        ["без компании", "2", "0"],
    ]
    assert cells(manager, f"/reports/hours.csv?{OCTOBER}")[11] == ["10:00", "2", "2", "2", "3", "3", "0", "0", "12"]
    assert ["2026-10-29", "1", "2"] in cells(manager, f"/reports/days.csv?{OCTOBER}")
    assert manager.client.get("/reports/nothing.csv").status_code == 404


@pytest.mark.trust("X11")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_cell_is_a_formula(manager: Browser):
    ticket = request_of_carol()
    for start in ("=", "+", "-", "@", "\t", "\r"):
        ticket.title, ticket.company_name = f'{start}HYPERLINK("http://x")', f"{start}1"
        outbox.commit()
        row = cells(manager, "/reports/requests.csv")[1]
        assert (row[1], row[5]) == (f"'{ticket.title}", f"'{start}1")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_long_list_goes_on_in_pages_and_as_one_file(manager: Browser):
    for number in range(3):
        request_of_carol(text=f"Вопрос {number}")
    row = db.session.query(Ticket).first()
    assert row is not None
    columns = [column.name for column in Ticket.__table__.columns if column.name not in {"id", "number", "intake_key"}]
    names = ", ".join(f'"{name}"' for name in columns)
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1100)"
    copied = f"INSERT INTO tickets (number, {names}) {numbers} SELECT 'x' || i, {names} FROM n, tickets WHERE id = :id"
    db.session.execute(db.text(copied), {"id": row.id})
    outbox.commit()
    seen: list[str] = []
    address = "/reports/requests?period=week"
    while address:
        page = manager.open(address)
        assert "1 103 заявки" in page.text
        seen += [one.get("data-ticket") or "" for one in page.all("tr") if one.get("data-ticket")]
        address = next((href for href in links(page, "after=")), "")
        if len(seen) > 150:
            break
    assert len(seen) == len(set(seen)) == 200
    assert len(cells(manager, "/reports/requests.csv?period=week")) == 1104


def test_only_the_manager_reads_reports(app: Flask):
    engineer = signed_in(app, alice())
    for address in ("/reports", "/reports/by/company", "/reports/requests", "/reports/companies.csv"):
        assert engineer.client.get(address).status_code == 403
        assert app.test_client().get(address).status_code == 302
        assert engineer.client.post(address).status_code in {400, 405}


def test_a_zone_with_summer_time_counts_hours_by_its_own_clock(make_app):
    app = make_app(TIME_ZONE="Europe/Berlin")
    with app.app_context():
        clock.shift(datetime(2026, 11, 2, 12, 0, tzinfo=firm.MOSCOW) - clock.now())
        for moment in ("2026-10-24T08:30:00+00:00", "2026-10-26T09:30:00+00:00"):  # 10:30 on both sides of the change
            request_of_carol(datetime.fromisoformat(moment), text=moment)
        browser = signed_in(app, masha())
        assert "с 10:00 до 11:00: 2 заявки" in browser.open(f"/reports?{OCTOBER}").text
        assert "2 заявки" in browser.open(f"/reports/requests?hour=10&{OCTOBER}").text

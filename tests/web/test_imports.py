"""CSV files by the page: tried first, every bad row named, written in pieces, twice is once."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import imports
from app.clock import now
from app.extensions import db
from app.imports import uploaded
from app.models import Company, Contract, CsvImport, ImportStage, Person, Ticket, UrgentClock
from tests.cast import acting, alice, masha, neva_trade
from tests.web.browse import Browser, Page, check_fragment
from tests.web.signing_in import browser_of, csrf_token

COMPANIES = "название;домены;важно знать\nООО «Ромашка»;romashka.example;Пропуск\nАО «Лютик»;;\n"


def sent(manager: Browser, kind: str, text: str, encoding: str = "utf-8", status: int = 200) -> Page:
    file: Any = (io.BytesIO(text.encode(encoding)), f"{kind}.csv")
    return manager.send(manager.open("/imports"), "/imports", status=status, kind=kind, file=file)


def written(manager: Browser, page: Page) -> Page:
    job = db.session.scalars(select(CsvImport).order_by(CsvImport.id.desc())).first()
    assert job is not None
    return manager.send(page, f"/imports/{job.id}/writing")


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "utf-16"])
def test_a_file_is_tried_and_then_written(manager: Browser, encoding: str):
    page = sent(manager, "companies", COMPANIES, encoding)
    assert "Проверено строк: 2. Хороших: 2, плохих: 0. Пока ничего не записано." in page.text
    assert count(Company) == 0
    page = written(manager, page)
    assert "Записано строк: 2" in page.text
    assert {row.name: row.notes for row in db.session.query(Company)} == {"ООО «Ромашка»": "Пропуск", "АО «Лютик»": ""}
    assert db.session.query(CsvImport).one().content == b""


def test_a_whole_firm_comes_in_and_the_same_again_is_once(manager: Browser):
    people = "имя;почта;компания;должность;контактное лицо\nДан;dan@r.example;ромашка;директор;да\nЯн;jan@mail.ru;;;\n"
    contracts = (
        "компания;договор;действует с;решение за;срочные;срочную взять за;открыть заново в течение\n"
        "Ромашка;7/26;01.02.2026;4 ч 30 мин;service_hours;20 мин;45 дней\n"
    )
    for _ in range(2):
        for kind, text in (("companies", COMPANIES), ("people", people), ("contracts", contracts)):
            assert "Записано" in written(manager, sent(manager, kind, text)).text
    assert (count(Company), count(Person), count(Contract)) == (2, 2, 1)
    contract = db.session.query(Contract).one()
    assert contract.urgent_clock is UrgentClock.SERVICE_HOURS
    assert str(contract.solution) == "4:30:00"
    assert contract.reopening_window is not None
    assert contract.reopening_window.days == 45
    assert db.session.query(Person).filter_by(email="dan@r.example").one().is_contact


def test_every_bad_row_is_named_in_russian_and_the_good_ones_can_be_written(manager: Browser):
    text = (
        "имя;почта;компания;контактное лицо\nДан;dan@r.example;;\nАнна;нет адреса;;\nБез всего;;;\n"
        "Ева;eva@x.example;Нет такой;\nЯн;jan@x.example;;может быть\nОля;ola@x.example;;да\n"
        + "Ы" * 201
        + ";y@x.example;;\n"
    )
    page = sent(manager, "people", text)
    assert "Хороших: 1, плохих: 6" in page.text
    for words in (
        "строка 3 почта: 'нет адреса': это не адрес e-mail",
        "строка 4 Нужен e-mail или телефон",
        "строка 5 компании 'Нет такой' нет",
        "строка 6 контактное лицо: 'может быть': пишите да или нет",
        "строка 7 контактному лицу нужны почта и компания",
        "строка 8 имя: длиннее 200 знаков",
    ):
        assert words in page.text, words
    job = db.session.query(CsvImport).one()
    listed = manager.client.get(f"/imports/{job.id}/bad.csv")
    assert listed.text.startswith("\ufeffстрока;что не так")
    assert len(listed.text.splitlines()) == 7
    page = written(manager, page)
    assert "Записано строк: 1. Не записано: 6" in page.text
    assert count(Person) == 1


def test_what_is_wrong_with_a_file_is_said_at_its_field(manager: Browser):
    for text, words in (
        ("", "Файл пуст"),
        ("название\n", "ни одной строки"),
        ("название;цена\nА;5\n", "Неизвестные столбцы: 'цена'. Известны: название, домены"),
        ("название;name\nА;Б\n", "Столбцы стоят дважды: название"),
        ("домены\nа.рф\n", "Не хватает столбцов: название"),
        ("PK\x03\x04", "Это книга Excel"),
        ('название\n"А\n', "Строка 2"),
    ):
        page = sent(manager, "companies", text, status=422)
        assert page.title.startswith("Ошибка:")
        assert words in page.text, words
    assert "Выберите файл" in manager.send(manager.open("/imports"), "/imports", status=422, kind="people").text
    assert "Выберите, что" in manager.send(manager.open("/imports"), "/imports", status=422, kind="cats").text
    assert count(CsvImport) == 0


def test_ten_thousand_rows_go_in_pieces_and_say_how_far_they_are(manager: Browser, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploaded, "PRESS_LASTS", 0.0)
    monkeypatch.setattr(uploaded, "AT_ONCE", 40)
    rows = "".join(f"Фирма {number}\n" for number in range(100))
    page = sent(manager, "companies", f"название\n{rows}")
    assert "Проверяем: 40 из 100 строк" in page.text
    assert page.one("progress").get("value") == "40"
    path = f"/imports/{db.session.query(CsvImport).one().id}"
    token = csrf_token(manager.client)
    answer = manager.client.post(f"{path}/steps", data={"csrf_token": token}, headers={"HX-Request": "true"})
    assert check_fragment(answer.text).get("id") == "import"
    assert "80 из 100" in answer.text
    assert "Хороших: 100" in manager.send(manager.open(path), f"{path}/steps").text
    page = written(manager, manager.open(path))
    assert "Записываем: 40 из 100" in page.text
    assert count(Company) == 40
    for _ in range(2):
        page = manager.send(manager.open(path), f"{path}/steps")
    assert "Записано строк: 100" in page.text
    assert count(Company) == 100


def test_a_trial_of_requests_leaves_nothing_behind(manager: Browser):
    neva_trade()
    page = sent(manager, "requests", "что;почта;прежний номер\nКасса;carol@neva-trade.example;A-1\n")
    assert (count(Ticket), count(Person)) == (0, 0)
    written(manager, page)
    assert count(Ticket) == 1


def test_two_presses_at_once_write_each_row_once(app: Flask):
    text = "название\n" + "".join(f"Фирма {number}\n" for number in range(50))
    job_id = uploaded.start("companies", "x.csv", text.encode(), acting(masha()), now()).id
    db.session.commit()
    for _ in range(3):
        uploaded.proceed(job_id, now())
    uploaded.write(uploaded.locked(job_id))
    db.session.commit()
    for _ in range(3):
        uploaded.proceed(job_id, now())
    job = db.session.get_one(CsvImport, job_id)
    assert (job.stage, job.position, count(Company)) == (ImportStage.WRITTEN, 50, 50)


def test_samples_are_read_back_whole(manager: Browser):
    for kind in imports.KINDS:
        sample = manager.client.get(f"/imports/samples/{kind}.csv")
        assert sample.status_code == 200
        assert len(imports.KINDS[kind].read(sample.data)) == 1
        page = sent(manager, kind, sample.text)
        assert "Хороших: 1" in page.text, page.text
        written(manager, page)
    manager.open("/imports/samples/cats.csv", status=404)
    manager.open("/imports/999", status=404)


def test_only_managers_load_files(app: Flask):
    stranger, engineer = app.test_client(), browser_of(app, alice())
    for path in ("/imports", "/imports/1", "/imports/samples/people.csv", "/imports/1/bad.csv"):
        assert stranger.get(path).status_code == 302
        assert engineer.get(path).status_code == 403
    for path in ("/imports", "/imports/1/steps", "/imports/1/writing"):
        assert engineer.post(path).status_code in {400, 403}
        assert browser_of(app, masha()).post(path).status_code == 400

"""Imports from CSV: tried first, every bad row named, written whole, twice is once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select, update

from app import notify, outbox
from app.clock import now
from app.extensions import db
from app.models.company import Company, CompanyDomain, Contract
from app.models.delivery import Delivery
from app.models.person import Person
from app.models.ticket import Ticket
from app.models.words import Channel, Notify, State, UrgentClock
from tests.cast import neva_trade


@pytest.fixture
def run(app: Flask, tmp_path: Path):
    def importing(kind: str, text: str, *options: str, encoding: str = "utf-8") -> Result:
        file = tmp_path / f"{kind}.csv"
        file.write_bytes(text.encode(encoding))
        result = app.test_cli_runner().invoke(args=["import", kind, str(file), *options])
        db.session.expire_all()
        return result

    return importing


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


COMPANIES = (
    "название;домены;адрес уведомлений;уведомления\nООО «Ромашка»;romashka.example, r.example;o@r.example;company\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_a_dry_run_writes_nothing_and_apply_does(run, encoding: str):
    tried = run("companies", COMPANIES, encoding=encoding)
    assert (tried.exit_code, count(Company)) == (0, 0)
    assert "Nothing was written" in tried.output
    assert run("companies", COMPANIES, "--apply", encoding=encoding).exit_code == 0
    company = db.session.scalars(select(Company)).one()
    assert (company.name, company.notice_email, company.notify) == ("ООО «Ромашка»", "o@r.example", Notify.COMPANY)
    assert set(db.session.scalars(select(CompanyDomain.domain))) == {"romashka.example", "r.example"}


def test_the_same_file_twice_is_once(run):
    for _ in range(2):
        assert run("companies", COMPANIES, "--apply").exit_code == 0
        assert run("people", "name,email,company\nДан,dan@r.example,ромашка\n", "--apply").exit_code == 0
        contracts = "company,number,valid_from,solution,urgent_clock\nРомашка,7,01.02.2026,4h,service_hours\n"
        assert run("contracts", contracts, "--apply").exit_code == 0
    assert (count(Company), count(Person), count(Contract)) == (1, 1, 1)
    contract = db.session.scalars(select(Contract)).one()
    assert (contract.solution, contract.urgent_clock) == (timedelta(hours=4), UrgentClock.SERVICE_HOURS)
    assert contract.valid_from.isoformat() == "2026-02-01"


def test_every_bad_row_is_named_with_its_line_and_nothing_is_written(run):
    text = (
        'name;email;phone\nДан;dan@r.example;\n"Анна\nМария";нет адреса;\n;;\n'
        "Без всего;;\nЕва;;12\nЯн;;+7 812 363-17-87\n"
    )
    result = run("people", text, "--apply")
    assert result.exit_code == 1
    named = [line.rpartition("people.csv:")[2] for line in result.output.splitlines() if "people.csv:" in line]
    assert [line.partition(":")[0] for line in named] == ["3", "6", "7"], result.output
    assert "5 rows: 2 good, 3 bad" in result.output
    assert count(Person) == 0
    assert run("people", text, "--apply", "--skip-bad").exit_code == 1
    assert set(db.session.scalars(select(Person.name))) == {"Дан", "Ян"}


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("companies", "", "empty"),
        ("companies", "name;price\nA;5\n", "'price'"),
        ("companies", "name;Название\nA;B\n", "twice"),
        ("companies", "name\nA;B\n", "more cells"),
        ("companies", "name;domains\nA;mail.ru\n", "tells no company"),
        ("companies", "name;notify\nA;nobody\n", "applicant, company, both"),
        ("people", "name;email;company\nA;a@b.example;нет такой\n", "there is no company"),
        ("contracts", "company;number;valid_from\nНева-Трейд;1;вчера\n", "is no day"),
        ("contracts", "company;number;valid_from;calendar\nНева-Трейд;1;2026-01-01;lunar\n", "There is no calendar"),
        ("contracts", "company;number;valid_from;solution\nНева-Трейд;1;2026-01-01;soon\n", "is not a duration"),
        ("contracts", "company;number\nНева-Трейд;1\n", "Columns are missing: valid_from"),
        ("requests", "what;email\n;a@b.example\n", "what: is empty"),
        ("requests", "what\nКасса\n", "A phone number or an e-mail is needed"),
        ("requests", "what;email;created_at\nКасса;a@b.example;2100-01-01 10:00\n", "still to come"),
        ("requests", "what;email;state;solved_at\nКасса;a@b.example;closed;2100-01-01 10:00\n", "still to come"),
        ("requests", f"what;email;key\nКасса;a@b.example;{'1' * 101}\n", "longer than 100"),
        ("contracts", f"company;number;valid_from\nНева-Трейд;{'1' * 61};2026-01-01\n", "longer than 60"),
        ("requests", 'what;email\n"Касса;a@b.example\n', "Line 2"),
    ],
)
def test_what_is_wrong_is_said(run, kind: str, text: str, words: str):
    neva_trade()
    result = run(kind, text, "--apply")
    assert result.exit_code == 1
    assert words in result.output
    assert count(Ticket) == count(Person) == 0


def test_old_requests_come_in_without_letters_and_are_promised_from_now(run):
    neva_trade()
    text = (
        "key;what;name;email;channel;created_at;state;solved_at;solution\n"
        "A-1;Касса;Ольга;carol@neva-trade.example;phone;03.02.2026 10:00;open;;\n"
        "A-2;Сеть;Ольга;carol@neva-trade.example;email;2026-02-03T07:00:00Z;closed;04.02.2026 12:00;Заменили кабель\n"
    )
    for _ in range(2):
        result = run("requests", text, "--apply")
        assert result.exit_code == 0, result.output
    open_, closed = db.session.scalars(select(Ticket).order_by(Ticket.id))
    assert (open_.state, open_.channel, open_.company_name) == (State.NEW, Channel.PHONE, "ООО «Нева-Трейд»")
    assert open_.created_at == closed.created_at
    assert open_.due_at is not None
    assert open_.due_at > now()
    assert (closed.state, closed.channel) == (State.CLOSED, Channel.EMAIL)
    assert closed.closed_at is not None
    assert closed.closed_at.isoformat() == "2026-02-04T09:00:00+00:00"
    notify.run()
    assert count(Delivery) == 0


def test_a_row_that_was_good_and_is_not_any_more_is_named_and_not_counted(run, monkeypatch: pytest.MonkeyPatch):
    neva_trade()
    said = click.echo

    def renamed_meanwhile(words: str = "", **more: Any) -> None:
        said(words, **more)
        if "1 good" in words:
            db.session.execute(update(Company).values(name="Нева", name_key="нева"))
            outbox.commit()

    monkeypatch.setattr(click, "echo", renamed_meanwhile)
    result = run("contracts", "company;number;valid_from\nНева-Трейд;7;2026-02-01\n", "--apply")
    assert result.exit_code == 1
    assert "contracts.csv:2: " in result.output
    assert "Written: 0." in result.output


def test_many_rows_in_few_transactions(run):
    rows = "".join(f"{i};Касса {i};dan{i}@r.example\n" for i in range(250))
    assert run("requests", f"key;what;email\n{rows}", "--apply").exit_code == 0
    assert count(Ticket) == 250

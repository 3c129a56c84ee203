"""Complaints in numbers and in English, and whom a contract names."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from app import complaints, outbox
from app.clock import now
from app.complaints import Said
from app.extensions import db
from app.models import ComplaintOrigin, Contract, Ticket
from tests.web.browse import Browser
from tests.web.test_complaints import by_carol, ticket

__all__ = ["ticket"]  # a fixture


def test_the_list_costs_the_same_however_long_it_is(manager: Browser, ticket: Ticket, count_queries):
    def asked_for(many: int) -> int:
        for number in range(many):
            who = complaints.Who(phone="+79000000000", is_confirmed=True)
            complaints.open_case(ComplaintOrigin.PHONE, Said(f"Слово {number}"), who, by_carol(), now())
        outbox.commit()
        manager.open("/complaints")
        with count_queries() as asked:
            manager.client.get("/complaints")
        return int(asked())

    few, many = asked_for(1), asked_for(59)
    assert many <= few
    page = manager.open("/complaints")
    onward = next(one.get("href") or "" for one in page.all("a") if "after=" in (one.get("href") or ""))
    assert len(manager.open(onward).all("li", class_="complaints__row")) == 10


def test_a_contract_names_whom_to_call_and_whom_to_tell(manager: Browser, ticket: Ticket):
    contract = db.session.scalars(select(Contract)).one()
    where = f"/companies/{contract.company_id}/contracts/{contract.id}"
    contacts = {"firm_contacts": "Мария Иванова, +7 965 000-00-00", "client_contacts": "Директор Семёнов"}
    manager.send(manager.open(where), where, 422, firm_contacts="х" * 2001)
    manager.send(manager.open(where), where, 200, **contacts)
    assert "Директор Семёнов" in manager.open(f"/tickets/{ticket.number}").text


def test_an_english_customer_reads_english(app: Flask, ticket: Ticket):
    browser = Browser(app)
    page = browser.open("/head?lang=en")
    assert "Call the head of the desk" in page.text
    page = browser.send(page, "/head", text="Nobody answers", phone="+7 900 555 01 44")
    assert "We are calling the head of the desk" in page.text
    text = page.text.replace("СТЕК", "").replace("ООО", "").replace("Санкт-Петербург", "")
    assert not re.search("[а-яё]", text.lower())

"""Promises that tests share: one contract, one Monday, and how a statement reads."""

from app.models.words import Urgency
from app.moments import NBSP
from app.promises import Statement, Terms, on_registration
from tests.working_hours import OFFICE, moscow, shown

CONTRACT = Terms(OFFICE, "118/2024")
MONDAY = "2026-11-23T16:40"


def solution(at: str, urgency: Urgency = Urgency.NORMAL, terms: Terms = CONTRACT) -> Statement:
    return on_registration(terms, urgency, moscow(at))[1]


def reaction(at: str, urgency: Urgency = Urgency.NORMAL, terms: Terms = CONTRACT) -> Statement:
    return on_registration(terms, urgency, moscow(at))[0]


def said(statement: Statement | None) -> tuple[str, str]:
    assert statement is not None
    return shown(statement.due_at)[5:], statement.why.replace(NBSP, " ")

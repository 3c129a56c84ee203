"""Two complaints about two engineers of one request: a case and a row before the managers for each."""

from __future__ import annotations

from flask import Flask

from app import outbox, tickets
from app.actor import Actor
from app.clock import now
from app.extensions import db
from app.models import Channel, Complaint, Role, Ticket
from app.models.escalation import Escalation
from tests.cast import acting, carol, masha, request_of_carol, staff
from tests.web.signing_in import signed_in


def complained(ticket: Ticket, text: str) -> Complaint:
    made = tickets.complain(ticket, text, Actor.of_person(carol(), "Петрова Ольга Сергеевна", Channel.WEB), now())
    outbox.commit()
    return made


def test_a_complaint_about_another_engineer_has_a_row_of_its_own(app: Flask):
    """Two managers who worked on one request, each complained of: each reads of the other and never of themselves."""
    ticket = request_of_carol()
    head, other = (
        staff("Роман Степанов", Role.ADMIN, "roman@stek.example"),
        staff("Павел Ильин", Role.MANAGER, "pavel@stek.example"),
    )
    tickets.assign(ticket, masha(), acting(head), now())
    first = complained(ticket, "Мария нагрубила")
    tickets.assign(ticket, other, acting(head), now())
    second = complained(ticket, "Павел не приехал")
    assert first.escalation_id != second.escalation_id
    rows = db.session.query(Escalation).order_by(Escalation.id).all()
    assert [(row.id, row.about_id) for row in rows] == [
        (first.escalation_id, masha().id),
        (second.escalation_id, other.id),
    ]
    seen = {}
    for member in (masha(), other, head):
        browser = signed_in(app, member)
        seen[member.id] = browser.open("/escalations").text
        for complaint in (first, second):
            status = 404 if complaint.about_id == member.id else 200
            browser.open(f"/escalations/{complaint.escalation_id}", status=status)
    words = {one: ("Мария нагрубила" in text, "Павел не приехал" in text) for one, text in seen.items()}
    assert words == {masha().id: (False, True), other.id: (True, False), head.id: (True, True)}
    answered = signed_in(app, masha())
    answered.send(answered.open("/escalations"), f"/escalations/{second.escalation_id}/acknowledgement")
    assert [row.acknowledged_at is not None for row in rows] == [False, True]

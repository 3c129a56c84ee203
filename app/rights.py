"""The rights table: every endpoint and the act it lets somebody do. A route that is missing here fails the start."""

from __future__ import annotations

from app.policy import Act

RIGHTS: dict[str, Act] = {
    "static": Act.PUBLIC,
    "requests.new": Act.PUBLIC,
    "requests.create": Act.PUBLIC,
    "requests.accepted": Act.LINK,
    "status.show": Act.PUBLIC,
    "status.link": Act.PUBLIC,
    "uploads.create": Act.PUBLIC,
    "ticket_link.show": Act.LINK,
    "ticket_link.standing": Act.LINK,
    "ticket_link.thread": Act.LINK,
    "ticket_link.answer": Act.LINK,
    "ticket_link.reopen": Act.LINK,
    "ticket_link.rate": Act.LINK,
    "ticket_link.complain": Act.LINK,
    "ticket_link.urgency": Act.LINK,
    "ticket_link.declare_urgent": Act.LINK,
    "files.customers": Act.LINK,
    "files.show": Act.WORK,
    "dev_mail.index": Act.PUBLIC,
    "dev_mail.show": Act.PUBLIC,
    "dev_mail.html": Act.PUBLIC,
    "memo.memo": Act.PUBLIC,
    "memo.privacy": Act.PUBLIC,
}

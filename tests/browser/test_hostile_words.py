"""Markup in every field that a stranger fills in, by form, letter and chat, on every page of a real Chromium."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from io import BytesIO
from itertools import count

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app import files, outbox
from app.clock import now
from app.extensions import db
from app.intake import Intake
from app.intake import receive as take_in
from app.intake.telegram.dialogue import steps
from app.intake.telegram.dialogue.steps import Step
from app.intake.telegram.turn import Kind
from app.models.words import Channel
from app.search import indexing
from app.web import links
from tests import cast
from tests.browser.conftest import Site
from tests.browser.watching import watched
from tests.intake.mailing import mail, receive, ticket_of
from tests.telegram.talker import Talker

PAYLOADS = (
    "<script>alert(1)</script>",
    "</title></style></textarea><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><img src=//evil.example/x.png onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<body onload=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<marquee onstart=alert(1)>",
    '" autofocus onfocus=alert(1) x="',
    "' onmouseover=alert(1) style='position:fixed;inset:0' x='",
    "` onmouseover=alert(1) `",
    "javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "https://evil.example/<script>alert(1)</script>",
    "https://evil.example/'onclick='alert(1)",
    "<a href=javascript:alert(1)>x</a>",
    "<style>*{background:url(//evil.example/s)}</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>",
    "<form action=//evil.example><button>x</button></form>",
    "<div hx-get=/queue hx-trigger=load hx-on::load=alert(1)>x</div>",
    "{{7*7}} ${alert(1)} #{7*7} <%= 7*7 %> {% raw %} %(name)s %s",
    "<!--<img src=x onerror=alert(1)>--><![CDATA[<script>alert(1)</script>]]>",
    "\u202e<script>alert(1)</script>\u2028\u200b<b",
    "&lt;script&gt;alert(1)&lt;/script&gt;&#60;img src=x onerror=alert(1)&#62;",
)
_chats = count(1)
STAFF_PAGES = (
    *("/queue?view=open", "/escalations", "/letters", "/letters?view=robots"),
    *("/search?q=script+alert", "/search?q=img"),
)


def by_form(payload: str) -> tuple[str, str]:
    """A request with the payload in all its fields: its number, and its address for the customer."""
    kept = files.keep(BytesIO(payload.encode()), payload)
    intake = Intake(
        channel=Channel.WEB, text=payload, at=now(), name=payload, email="mallory@evil.example", phone="+79005550144",
        company=payload, whose=payload, where=payload, links=payload, files=[kept],
    )  # fmt: skip
    ticket = take_in(intake).ticket
    outbox.commit()
    indexing.run()
    found = ticket.number, f"/r/{links.token_of(ticket)}"
    db.session.rollback()
    return found


def by_letter(payload: str) -> tuple[str, str]:
    """The same by a letter: name, subject, text and the name of a file."""
    word = f"=?utf-8?b?{b64encode(payload.encode()).decode()}?="
    raw = mail(payload, subject=word, sender=f"{word} <mallory@evil.example>")
    receive(mail(payload, subject=word, sender=f"{word} <noreply@evil.example>"))  # waits in the list of letters
    ticket = ticket_of(receive(raw))
    found = ticket.number, f"/r/{links.token_of(ticket)}"
    db.session.rollback()
    return found


def by_chat(payload: str) -> tuple[str, str]:
    """The same in Telegram: the chat's name, everything that is typed there, and the name of a file."""
    talker = Talker(chat_id=7_000_000_000 + next(_chats))
    talker.chat.name = payload
    line = payload.replace("\u2028", " ")  # several lines are no name but more about the trouble
    answers = {
        Step.WHO: "Ввести вручную",
        Step.COMPANY: line,
        Step.NAME: line,
        Step.EMAIL: "mallory@evil.example",
        Step.PHONE: "+79005550144",
        Step.WHOSE: payload,
        Step.URGENCY: "обычная",
        Step.CHECK: "отправить",
    }
    talker.write(f"Не работает: {payload}")
    for _ in range(12):
        step, _rest = steps.read(talker.chat.step)
        if step is None:
            break
        if step is Step.FILES:
            talker.send(payload, kind=Kind.DOCUMENT)
        else:
            talker.write(answers[step])
    found = talker.ticket.number, f"/r/{links.token_of(talker.ticket)}"
    db.session.rollback()
    return found


@pytest.mark.trust("X12")
@pytest.mark.trust("X1")
@pytest.mark.timeout(600)
@pytest.mark.parametrize("arrive", [by_form, by_letter, by_chat])
def test_markup_in_any_field_is_words(
    site: Site,
    signed_in: Callable[..., BrowserContext],
    context_of: Callable[..., BrowserContext],
    arrive: Callable[[str], tuple[str, str]],
):
    made = [arrive(payload) for payload in PAYLOADS]
    masha, carol = signed_in(member=cast.masha()).new_page(), context_of().new_page()
    with watched(masha, site) as troubles, watched(carol, site) as outside:
        for address in STAFF_PAGES:
            look(masha, f"{site.url}{address}", troubles)
        for number, address in made:
            look(masha, f"{site.url}/tickets/{number}", troubles)
            look(masha, f"{site.url}/tickets/{number}/history", troubles)
            look(carol, f"{site.url}{address}", outside)


def look(page: Page, address: str, troubles: list[str]) -> None:
    page.goto(address)
    expect(page.locator("h1")).to_be_visible()
    assert not troubles, address

"""The whole story: one request from the first letter to a bad rating, by real processes, letters, pages and time.

Carol writes. Alice takes, asks; Carol answers; Alice solves; Carol replies that it is not; Alice solves again; three
days pass; the desk closes the request; Carol rates it 2; Masha sees that.
"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.notify import mail_server
from tests.notify.letters import html_of, text_of
from tests.notify.mail_server import MailServer
from tests.processes.desk import Desk, migrated, running_desk
from tests.processes.desk_time import DeskTime, next_monday_morning

pytestmark = [pytest.mark.processes, pytest.mark.browser, pytest.mark.xdist_group("processes")]

CAROL, ALICE, MASHA = "carol@neva.example", "alice@stek.example", "masha@stek.example"
PASSWORD = "a long enough password"
SOON = 20.0  # seconds for a letter to come or a page to change, on a machine that others use too


class Story:
    """The cast with their means: a desk, a mail server, a clock, browsers."""

    def __init__(self, desk: Desk, mail: MailServer, time: DeskTime) -> None:
        self.desk, self.mail, self.time = desk, mail, time
        self.number = ""

    def carol_writes(self, subject: str, text: str, answering: EmailMessage | None = None) -> None:
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = f"Карина <{CAROL}>", "info@stekspb.ru", subject
        letter["Message-ID"] = f"<{abs(hash((subject, text)))}@neva.example>"
        letter["Date"] = self.time.now()
        if answering is not None:
            letter["In-Reply-To"] = answering["Message-ID"]
            letter["References"] = f"{answering['References']} {answering['Message-ID']}"
        letter.set_content(text)
        with smtplib.SMTP("127.0.0.1", self.desk.smtp_port, timeout=20) as server:
            server.send_message(letter)

    def letter(self, subject: str, to: str = CAROL, nth: int = 1) -> EmailMessage:
        """Wait for the nth letter to somebody whose subject has these words."""
        found: list[EmailMessage] = []

        def has_come() -> bool:
            found[:] = [letter for letter in self.mail.to(to) if subject in letter["Subject"]]
            return len(found) >= nth

        self.desk.wait(has_come, SOON, f"the letter «{subject}» to {to}")
        return found[nth - 1]

    def sign_in(self, page: Page, email: str) -> None:
        page.goto(f"{self.desk.url}/login")
        page.fill("#email", email)
        page.fill("#password", PASSWORD)
        page.get_by_role("button", name="Войти").click()
        expect(page.locator("h1").first).not_to_have_text("Вход")

    def open(self, page: Page) -> None:
        page.goto(f"{self.desk.url}/tickets/{self.number}")

    def solve(self, page: Page, text: str) -> None:
        page.locator(".ticket-head__solve summary").click()
        page.fill("#solution-text", text)
        page.get_by_role("button", name="Решить и сообщить клиенту").click()
        expect(page.locator(".desk--ticket")).to_have_attribute("data-state", "solved")


@pytest.fixture
def story(tmp_path: Path, sqlite_template: Path) -> Iterator[Story]:
    time = DeskTime(tmp_path / "time", next_monday_morning())
    with (
        mail_server.running() as mail,
        running_desk(
            migrated(tmp_path / "data", sqlite_template),
            MAIL_SERVER="127.0.0.1",
            MAIL_PORT=str(mail.port),
            UNDO_SEND="2s",
            SWEEP_EVERY="1s",
            **time.environment,
        ) as desk,
    ):
        desk.prepare(
            ("staff", "add", ALICE, "--name", "Алиса Орлова", "--role", "engineer", "--password-stdin"),
            ("staff", "add", MASHA, "--name", "Мария Иванова", "--role", "manager", "--password-stdin"),
            text=f"{PASSWORD}\n",
        )
        yield Story(desk, mail, time)


@pytest.fixture
def pages(chromium: Browser) -> Iterator[list[Page]]:
    """Three browsers: Alice's, Masha's, Carol's."""
    contexts = [chromium.new_context(viewport={"width": 1280, "height": 900}) for _ in range(3)]
    made = [context.new_page() for context in contexts]
    for page in made:
        page.set_default_timeout(SOON * 1000)
    yield made
    for context in contexts:
        context.close()


@pytest.mark.trust("R22")
@pytest.mark.trust("S16")
@pytest.mark.timeout(420)
def test_from_the_first_letter_to_a_bad_rating(story: Story, pages: list[Page]) -> None:
    expect.set_options(timeout=SOON * 1000)
    alice, masha, carol = pages
    story.sign_in(alice, ALICE)
    story.sign_in(masha, MASHA)

    registered = _carol_asks_for_help(story)
    _alice_takes_and_asks(story, alice)
    _carol_answers_and_alice_sees_it(story, alice)
    solved = _alice_solves(story, alice)
    again = _carol_says_no_and_alice_solves_again(story, alice, solved)
    _three_days_pass(story, alice, again)
    _carol_rates(story, carol, masha, again)

    thread = [letter for letter in story.mail.to(CAROL) if letter["X-HelpDesk-Ticket"] == story.number]
    root = registered["References"].split()[0]
    assert all(letter["References"].split()[0] == root for letter in thread)
    assert len({letter["Message-ID"] for letter in thread}) == len(thread), "nothing was sent twice"


def _carol_asks_for_help(story: Story) -> EmailMessage:
    story.carol_writes("Не печатает принтер", "Добрый день! Принтер в бухгалтерии не печатает.")
    letter = story.letter("принята, срок")
    found = re.search(r"\[#(\d+)\]$", letter["Subject"])
    assert found
    story.number = found[1]
    assert letter["Auto-Submitted"] == "auto-replied"
    assert "Почему такой срок: 8\u00a0рабочих часов по общим условиям с пн\u00a010:0" in text_of(letter)
    return letter


def _alice_takes_and_asks(story: Story, alice: Page) -> None:
    row = alice.locator(f"[data-ticket='{story.number}']").first
    expect(row).to_be_visible()  # the queue shows it by itself
    story.open(alice)
    alice.get_by_role("button", name="Взять себе").click()
    expect(alice.locator(".desk--ticket")).to_have_attribute("data-state", "open")
    alice.fill("#text", "Какая модель принтера?")
    alice.locator(".composer__send summary").click()
    alice.get_by_role("button", name="…и ждать клиента").click()
    expect(alice.locator(".desk--ticket")).to_have_attribute("data-state", "waiting")
    question = story.letter("нужен ваш ответ")
    assert "Какая модель принтера?" in text_of(question)
    assert question["Auto-Submitted"] is None
    assert "Алиса Орлова" in question["From"]


def _carol_answers_and_alice_sees_it(story: Story, alice: Page) -> None:
    question = story.letter("нужен ваш ответ")
    story.carol_writes(f"Re: {question['Subject']}", "HP LaserJet 1020", question)
    expect(alice.locator(".talk")).to_contain_text("HP LaserJet 1020")  # nobody pressed reload
    assert story.letter("ответ клиента", to=ALICE)


def _alice_solves(story: Story, alice: Page) -> EmailMessage:
    story.open(alice)
    expect(alice.locator(".desk--ticket")).to_have_attribute("data-state", "open")
    story.solve(alice, "Заменили картридж.")
    letter = story.letter("решена. Оцените")
    assert "Заменили картридж." in text_of(letter)
    assert "?rating=2" in html_of(letter)
    return letter


def _carol_says_no_and_alice_solves_again(story: Story, alice: Page, solved: EmailMessage) -> EmailMessage:
    story.carol_writes(f"Re: {solved['Subject']}", "Нет, не помогло, печатает пустые листы.", solved)
    assert "снова в работе, срок" in story.letter("снова в работе")["Subject"]
    story.open(alice)
    expect(alice.locator(".desk--ticket")).to_have_attribute("data-state", "open")
    expect(alice.locator(".talk")).to_contain_text("печатает пустые листы")
    story.solve(alice, "Поставили исправный картридж, проверили печать.")
    return story.letter("решена. Оцените", nth=2)


def _three_days_pass(story: Story, alice: Page, solved: EmailMessage) -> None:
    closing_at = _closing_named_in(solved, story.time.now())
    assert timedelta(hours=72) <= closing_at - story.time.now() + timedelta(minutes=5) <= timedelta(hours=73, minutes=5)
    story.time.go_to(closing_at - timedelta(hours=23, minutes=30))
    assert "Она закроется сама" in text_of(story.letter("закроется"))
    story.time.go_to(closing_at + timedelta(minutes=1))
    story.open(alice)
    expect(alice.locator(".desk--ticket")).to_have_attribute("data-state", "solved")  # after a jump closings wait
    state = alice.locator(".desk--ticket[data-state=closed]")
    for _ in range(9):
        story.time.pass_by(timedelta(minutes=8))
        story.desk.wait_for_a_sweep(story.time)
        story.open(alice)
        if state.count():
            break
    expect(state).to_be_visible()
    assert not [letter for letter in story.mail.to(CAROL) if "закрыта" in letter["Subject"]]


def _carol_rates(story: Story, carol: Page, masha: Page, solved: EmailMessage) -> None:
    link = re.search(r'href="([^"]+\?rating=2)"', html_of(solved))
    assert link
    carol.goto(link[1])
    expect(carol.locator("input[name=rating][value='2']")).to_be_checked()
    masha.goto(f"{story.desk.url}/escalations")
    expect(masha.locator(f"[data-ticket='{story.number}']")).to_have_count(0)  # reading a link rates nothing
    carol.get_by_role("button", name="Отправить оценку").click()
    assert "руководитель HelpDesk" in text_of(story.letter("спасибо за оценку"))
    masha.goto(f"{story.desk.url}/escalations")
    expect(masha.locator(f"[data-ticket='{story.number}']").first).to_be_visible()
    assert "низкая оценка" in story.letter("низкая оценка", to=MASHA)["Subject"]


_MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()


def _closing_named_in(letter: EmailMessage, now: datetime) -> datetime:
    """The moment of closing that the letter names, Moscow time."""
    found = re.search(
        r"закроется сама: (\d+)\s(\w+)(?: (\d{4}))?, (\d+):(\d\d) по московскому времени", text_of(letter)
    )
    assert found
    day, month, year, hour, minute = found.groups()
    named = datetime(int(year or now.year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), tzinfo=UTC)
    return named - timedelta(hours=3)

"""The live queue under a hand: a hundred open queues refetch while two real browsers work; nothing may move or be lost.

`python -m benches.live_queue [--minutes M]` wants Chromium and the development requirements.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benches import databases
from benches.databases import ROOT
from benches.desk import Desk, running
from benches.web import add_engineer

PEOPLE = 5  # nobody may have more than 25 streams
QUEUES = 98  # and two browsers
SIZE = 10_000
WORDS = "Ольга Сергеевна, вижу ошибку на сервере и перезапускаю службу. "
# Stamps every row that comes into the list with the moment when it was there.
WATCH = """() => { window.seen = {}; new MutationObserver(() => {
  for (const row of document.querySelectorAll("tr[data-ticket]")) window.seen[row.dataset.ticket] ??= Date.now();
}).observe(document.body, { subtree: true, childList: true }); }"""
LOOK = """() => { const row = document.querySelector("tr[data-ticket]:hover"); return {
  row: row?.id, top: row?.getBoundingClientRect().top, ticked: document.querySelectorAll(".tick:checked").length,
  focus: document.activeElement?.closest("tr")?.id, menus: document.querySelectorAll("details[open]").length,
  pill: document.querySelector("#arrivals")?.textContent.trim() }; }"""


@dataclass
class Hands:
    """What two people hold while the queue changes, and what was seen of it."""

    busy: Page
    idle: Page
    writing: Page
    typed: str = ""
    looks: list[dict[str, Any]] = field(default_factory=list)

    def begin(self) -> None:
        self.idle.evaluate(WATCH)
        rows = self.busy.locator("tr[data-ticket]")
        rows.nth(2).locator(".tick").check()
        rows.nth(3).locator(".rows__title").focus()
        rows.nth(5).hover()
        self.writing.locator("#standing summary").first.click()
        self.writing.locator("#text").focus()

    def go_on(self) -> None:
        letter = WORDS[len(self.typed) % len(WORDS)]
        self.writing.keyboard.type(letter)
        self.typed += letter
        self.looks.append(self.busy.evaluate(LOOK))

    def report(self, sent: dict[str, float]) -> dict[str, Any]:
        first, tops = self.looks[0], [look["top"] for look in self.looks]
        to_monotonic = time.monotonic() - time.time()
        seen = {number: at / 1000 + to_monotonic for number, at in self.idle.evaluate("window.seen").items()}
        delays = sorted((seen[number] - at) * 1000 for number, at in sent.items() if number in seen)
        return {
            "looks": len(self.looks),
            "the row under the pointer stayed": all(look["row"] == first["row"] for look in self.looks),
            "it moved by px": max(tops) - min(tops),
            "the tick stayed": all(look["ticked"] == 1 for look in self.looks),
            "the focus stayed": all(look["focus"] == first["focus"] for look in self.looks),
            "the open menu stayed": self.writing.locator("#standing details[open]").count() == 1,
            "letters typed": len(self.typed),
            "letters lost": len(self.typed) - len(self.writing.locator("#text").input_value()),
            "waiting behind the pill": self.looks[-1]["pill"],
            "rows in the idle browser": f"{len(delays)} of {len(sent)}",
            "idle browser p50, p95 ms": [round(delays[int(len(delays) * part)]) for part in (0.5, 0.95)],
        }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benches.live_queue", description=__doc__)
    parser.add_argument("--minutes", type=float, default=3.0)
    changes = int(parser.parse_args().minutes * 60)
    prepared = databases.prepare("sqlite", SIZE, None)
    people = {f"bench{number}@desk.example": "" for number in range(PEOPLE)}
    people = {email: add_engineer(prepared, email) for email in people}
    with running(prepared) as desk, sync_playwright() as playwright:
        chromium = shutil.which("chromium") or "/usr/bin/chromium"
        browsers = [playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"]) for _ in range(2)]
        hands = _sit_down(desk, browsers, people)
        print(json.dumps(_measure(desk, hands, people, changes), ensure_ascii=False, indent=1))
        for browser in browsers:
            browser.close()


def _sit_down(desk: Desk, browsers: list[Browser], people: dict[str, str]) -> Hands:
    contexts = [
        _signed_in(desk, browser, *person) for browser, person in zip(browsers, list(people.items())[-2:], strict=True)
    ]
    address = f"http://127.0.0.1:{desk.port}"
    busy, writing, idle = contexts[0].new_page(), contexts[0].new_page(), contexts[1].new_page()
    for page in (busy, idle):
        page.goto(f"{address}/queue?view=unassigned")
    number = busy.locator("tr[data-ticket]").nth(8).get_attribute("data-ticket")
    writing.goto(f"{address}/tickets/{number}")
    return Hands(busy, idle, writing)


def _signed_in(desk: Desk, browser: Browser, email: str, password: str) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{desk.port}/login")
    page.fill("#email", email)
    page.fill("#password", password)
    page.get_by_role("button", name="Войти").click()
    page.wait_for_url("**/queue")
    page.close()
    return context


def _measure(desk: Desk, hands: Hands, people: dict[str, str], changes: int) -> dict[str, Any]:
    cookies = [desk.sign_in(password, email) for email, password in people.items()]
    plan = {"port": desk.port, "cookies": cookies, "queues": QUEUES, "changes": changes, "with_moments": True}
    hands.begin()
    cpu, started = desk.all_cpu(), time.monotonic()
    load = subprocess.Popen(
        [sys.executable, "-m", "benches.listeners"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert load.stdin
    assert load.stdout
    load.stdin.write(json.dumps(plan))
    load.stdin.close()
    while load.poll() is None:
        hands.go_on()
        time.sleep(0.5)
    spent = time.monotonic() - started
    told = json.loads(load.stdout.read())
    sent = told.pop("sent")
    used = (desk.all_cpu() - cpu) / spent
    return {
        "seconds": round(spent),
        "changes": changes,
        "queues": QUEUES,
        **told,
        "CPU of the desk, of one core": f"{used:.0%}",
        "machine": f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}",
        **hands.report(sent),
    }


if __name__ == "__main__":
    main()

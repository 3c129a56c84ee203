"""A hundred open queues in one process: each holds the event stream and fetches what that does not carry."""

from __future__ import annotations

import json
import random
import socket
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import requests

from benches.client import Connection
from benches.web import hidden

WARMING = 3  # first changes that are not counted: the desk has just been started
SELECTION = "view%3Dopen"
READERS = 8
PATIENCE = 10.0  # seconds for the last queue to hear of the last change
TOPIC = "ticket:"


@dataclass
class Queue:
    """One open queue: when it heard of a request, and when it had its row: carried by its stream, else fetched."""

    port: int
    cookie: str
    is_open: threading.Event = field(default_factory=threading.Event)
    heard: dict[str, float] = field(default_factory=dict)
    shown: dict[str, float] = field(default_factory=dict)
    fetched: int = 0

    def listen(self) -> None:
        stream = socket.create_connection(("127.0.0.1", self.port), timeout=120)
        head = f"GET /live?queue={SELECTION} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {self.cookie}\r\n\r\n"
        stream.sendall(head.encode())
        pages = Connection("127.0.0.1", self.port, self.cookie)
        with stream.makefile("rb") as lines:
            if b"200" not in lines.readline():
                return
            name = ""
            for line in lines:
                kind, _colon, told = line.decode().strip().partition(": ")
                if kind == "event":
                    name = told
                    self.is_open.set()
                elif kind == "data":
                    self._hear(name, told, pages)
                    name = ""

    def _hear(self, name: str, told: str, pages: Connection) -> None:
        if name == "row":
            part = json.loads(told)
            if part["html"]:
                self.shown.setdefault(part["number"], time.monotonic())
        number = told.removeprefix(TOPIC) if not name and told.startswith(TOPIC) else ""
        if number and number not in self.heard:
            self.heard[number] = time.monotonic()
            if number not in self.shown:
                self.fetched += 1
                status, _ = pages.get(f"/queue/rows/{number}?view=open&digest=")
                if status in {200, 204}:
                    self.shown[number] = time.monotonic()


@dataclass
class Readers:
    """People who open pages meanwhile: so many a second altogether, each on a connection of their own."""

    port: int
    cookies: list[str]
    paths: list[str]
    a_second: int
    times: list[float] = field(default_factory=list)
    refused: int = 0
    is_over: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        for place in range(READERS if self.a_second else 0):
            threading.Thread(target=self._read, args=(place,), daemon=True).start()

    def _read(self, place: int) -> None:
        pages = Connection("127.0.0.1", self.port, self.cookies[place % len(self.cookies)])
        due = time.monotonic() + place / self.a_second
        while not self.is_over.wait(max(0.0, due - time.monotonic())):
            started, turn = time.monotonic(), random.choice(self.paths)
            status, _ = pages.get(turn)
            self.times.append((time.monotonic() - started) * 1000)
            self.refused += status != 200
            due = max(due + READERS / self.a_second, time.monotonic())

    def told(self) -> dict[str, float]:
        times = sorted(self.times)
        p50, p95 = (times[min(len(times) - 1, int(len(times) * part))] for part in (0.5, 0.95))
        return {"number": len(times), "lost": self.refused, "p50": p50, "p95": p95}


def main() -> None:
    plan = json.load(sys.stdin)
    cookies = plan["cookies"]
    queues = [Queue(plan["port"], cookies[place % len(cookies)]) for place in range(plan["queues"])]
    for one in queues:
        threading.Thread(target=one.listen, daemon=True).start()
    for one in queues:
        if not one.is_open.wait(30):
            sys.exit("an event stream was refused")
    time.sleep(1)
    readers = Readers(plan["port"], cookies, plan.get("paths", []), plan.get("pages_a_second", 0))
    readers.start()
    sent = _register(plan)
    readers.is_over.set()
    time.sleep(min(PATIENCE, 3.0))
    told: dict[str, Any] = {"the event arrives": _delays(sent, [one.heard for one in queues]),
                            "its row is there": _delays(sent, [one.shown for one in queues])}  # fmt: skip
    if readers.times:
        told["a page meanwhile"] = readers.told()
    if plan.get("with_moments"):
        told["sent"] = sent  # by number, on the machine's monotonic clock
    json.dump(told, sys.stdout)


def _register(plan: dict[str, Any]) -> dict[str, float]:
    """Send forms, one a second; returns when each request was sent, by number."""
    browser, address = requests.Session(), f"http://127.0.0.1:{plan['port']}/"
    token = hidden(browser.get(address, timeout=30).text, "csrf_token")
    sent: dict[str, float] = {}
    for serial in range(-WARMING, plan["changes"]):
        form = {"csrf_token": token, "form_key": uuid.uuid4().hex, "what": f"Не печатает касса {serial}",
                "whose": "Магазин", "where": "Зал", "urgency": "normal", "company": "ООО «Нева Торг»",
                "name": "Ольга", "email": "petrova@nevatorg.example", "phone": "+7 812 555-01-01"}  # fmt: skip
        started = time.monotonic()
        answer = browser.post(address, data=form, timeout=60, allow_redirects=False)
        number = answer.headers.get("Location", "").partition("/r/")[2].partition(".")[0]
        if not number:
            sys.exit(f"the form was answered with {answer.status_code}")
        if serial >= 0:
            sent[number] = started
        time.sleep(random.uniform(0.7, 1.25))
    return sent


def _delays(sent: dict[str, float], arrivals: list[dict[str, float]]) -> dict[str, float]:
    delays = sorted((seen[number] - at) * 1000 for number, at in sent.items() for seen in arrivals if number in seen)
    wanted = len(sent) * len(arrivals)
    if not delays:
        sys.exit("no queue heard anything")
    p50, p95 = (delays[min(len(delays) - 1, int(len(delays) * part))] for part in (0.5, 0.95))
    return {"number": len(delays), "lost": wanted - len(delays), "p50": p50, "p95": p95}


if __name__ == "__main__":
    main()

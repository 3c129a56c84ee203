"""Senders of forms and letters: a process of its own; a plan on stdin, figures on stdout."""

from __future__ import annotations

import json
import random
import smtplib
import sys
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import requests

from benches import letters
from benches.web import hidden

Send = Callable[[int], None]


def main() -> None:
    plan = json.load(sys.stdin)
    make = {"form": _form_sender, "smtp": _letter_sender, "mail": _mail_sender}[plan["road"]]
    times: list[float] = []
    share = -(-plan.get("letters", 10**9) // plan["clients"])
    until = time.monotonic() + plan.get("seconds", 600)
    threads = [
        threading.Thread(target=_work, args=(make(plan, place), share, until, times, _pause(plan)))
        for place in range(plan["clients"])
    ]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.monotonic() - started
    times.sort()
    quantiles = {name: times[int(len(times) * part)] if times else 0.0 for name, part in (("p50", 0.5), ("p95", 0.95))}
    json.dump({"accepted": len(times), "seconds": spent, **quantiles}, sys.stdout)


def _pause(plan: dict[str, Any]) -> float:
    """Seconds from one act of a client to its next, where the plan names a rate."""
    return float(plan["clients"] / plan["rate"]) if "rate" in plan else 0.0


def _work(send: Send, share: int, until: float, times: list[float], pause: float) -> None:
    begun = time.monotonic() + random.uniform(0, pause)
    for serial in range(share):
        time.sleep(max(0.0, begun + serial * pause - time.monotonic()))
        if time.monotonic() >= until:
            return
        started = time.monotonic()
        send(serial)
        times.append((time.monotonic() - started) * 1000)


def _form_sender(plan: dict[str, Any], place: int) -> Send:
    """A browser that keeps its session; every post has a key of its own, as every opened form has."""
    browser, address = requests.Session(), f"http://127.0.0.1:{plan['port']}/"
    token = hidden(browser.get(address, timeout=30).text, "csrf_token")

    def send(serial: int) -> None:
        form = {
            "csrf_token": token,
            "form_key": uuid.uuid4().hex,
            "what": f"Не печатает принтер в кабинете {serial}, мигает красная лампа.",
            "whose": "Бухгалтерия",
            "where": "Кабинет 204",
            "urgency": "normal",
            "company": "ООО «Нева Торг»",
            "name": "Ольга Петрова",
            "email": f"user{place}@client00{place % 10}.example",
            "phone": "+7 812 555-01-01",
        }
        answer = browser.post(address, data=form, timeout=60, allow_redirects=False)
        if answer.status_code != 303:
            raise SystemExit(f"the form was answered with {answer.status_code}: {answer.text[:300]}")

    return send


def _letter_sender(plan: dict[str, Any], place: int) -> Send:
    """A mail server that keeps its connection; every letter is a new request of a person at a client company."""
    server = smtplib.SMTP("127.0.0.1", plan["smtp_port"], timeout=60)
    server.ehlo("bench.example")

    def send(serial: int) -> None:
        author = f"user{serial % 5}@client{(place * 17 + serial) % 150:03}.example"
        letter = (
            f"From: =?utf-8?b?0JjQstCw0L0=?= <{author}>\r\nTo: <info@stekspb.ru>\r\n"
            f"Subject: =?utf-8?b?0J3QtSDQv9C10YfQsNGC0LDQtdGC?= {uuid.uuid4().hex[:8]}\r\n"
            f"Message-ID: <{uuid.uuid4().hex}@client.example>\r\n"
            f"Date: {time.strftime('%a, %d %b %Y %H:%M:%S +0000')}\r\n"
            "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            f"Здравствуйте!\r\nНе печатает принтер в кабинете {serial}, мигает красная лампа.\r\nСпасибо.\r\n"
        ).encode()
        server.sendmail(author, ["info@stekspb.ru"], letter)

    return send


def _mail_sender(plan: dict[str, Any], place: int) -> Send:
    """The same with letters as people write them."""
    server = smtplib.SMTP("127.0.0.1", plan["smtp_port"], timeout=60)
    server.ehlo("bench.example")

    def send(serial: int) -> None:
        author, letter = letters.write(serial * plan["clients"] + place)
        server.sendmail(author, ["info@stekspb.ru"], letter)

    return send


if __name__ == "__main__":
    main()

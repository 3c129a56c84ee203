"""Carol at her browser, on a desk of real processes."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

import requests

from tests.cast import FORM

_HIDDEN = re.compile(r'name="(csrf_token|form_key)"[^>]*value="([^"]+)"')
_NUMBER = re.compile(r'data-ticket="(\d+)"')


@dataclass
class Form:
    """A request form that is open in a browser; sent twice, it carries the same key."""

    url: str
    text: str = FORM["what"]
    email: str = FORM["email"]
    session: requests.Session = field(default_factory=requests.Session)
    hidden: dict[str, str] = field(default_factory=dict)
    took: float = 0.0  # seconds, from the click to the number

    def __post_init__(self) -> None:
        self.session.trust_env = False
        page = self.session.get(self.url, timeout=30)
        page.raise_for_status()
        self.hidden = dict(_HIDDEN.findall(page.text))

    def send(self, timeout: float = 60) -> requests.Response:
        """Send it and follow to the page with the number."""
        fields = {**FORM, "what": self.text, "email": self.email, **self.hidden}
        began = time.monotonic()
        answer = self.session.post(self.url, data=fields, timeout=timeout)
        self.took = time.monotonic() - began
        return answer

    def number(self) -> str:
        """Send it; the number that the page shows."""
        answer = self.send()
        assert answer.ok, f"{answer.status_code}: {answer.text[:2000]}"
        found = _NUMBER.search(answer.text)
        assert found, answer.text
        return found[1]

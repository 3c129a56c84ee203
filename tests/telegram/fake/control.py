"""Acting as people over HTTP: POST /control/<act> with a JSON object, for programs that are not written in Python.

``user`` {first_name, phone} → {id}; ``write``, ``tap``, ``press``, ``contact``, ``location``, ``sticker``, ``edit``,
``block``, ``unblock`` … {user, and the arguments of the method}; ``messages`` {user} → what the bot said;
``calls`` → what it called; ``raw`` {kind, content} → any update; ``fail``, ``slow_down``, ``drop``, ``cut``, ``hang``,
``clear`` {the arguments of the weather's method}; ``close_chat`` {user}: the account is deleted.
"""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.telegram.fake.server import FakeBotApi

Json = dict[str, Any]
ACTS = set(
    "start write tap press photo album document voice video video_note audio sticker location contact edit block "
    "unblock".split()
)
WEATHER = {"fail", "slow_down", "drop", "cut", "hang", "clear"}


def act(fake: FakeBotApi, name: str, given: Json) -> Any:
    """Do one thing as somebody; raises for what cannot be done. File contents are given in base64."""
    if name == "user":
        return {"id": fake.user(**given).id}
    if name == "raw":
        return fake.send_raw(given["kind"], given["content"])
    if name == "calls":
        return [asdict(call) for call in fake.calls]
    if name == "messages":
        return [_shown(said) for said in fake.person(given["user"]).messages]
    if name == "close_chat":
        return fake.world.gone.add(given["user"])
    if name in WEATHER:
        return getattr(fake.weather, name)(**given)
    if name not in ACTS:
        raise ValueError(f"there is no {name!r}")
    person = fake.person(given.pop("user"))
    if "content" in given:
        given["content"] = base64.b64decode(given["content"])
    if "contents" in given:
        given["contents"] = [base64.b64decode(content) for content in given["contents"]]
    return getattr(person, name)(**given)


def _shown(said: Any) -> Json:
    shown = {name: value for name, value in asdict(said).items() if name not in {"json", "content"}}
    return {**shown, "size": len(said.content)}

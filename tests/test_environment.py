"""A setting that cannot be used stops the start by its name, and no password is said aloud with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.config import read
from app.errors import BadSetting
from tests import servers


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("PUBLIC_URL", "https://help.example.ru:port"),
        ("PUBLIC_URL", "https://[help.example.ru"),
        ("TELEGRAM_WEBHOOK", "https://help.example.ru:99999/secret"),
        ("PAGE_WEBHOOK_URL", "https://sms.example.ru:0/secret"),
        ("IMAP_URL", "imaps://info:secret@mail.example.ru:imap/INBOX"),
        ("IMAP_URL", "imaps://info:sec/ret@mail.example.ru:993/INBOX"),
        ("REDIS_URL", "redis://:secret@127.0.0.1:redis/0"),
        ("DATABASE_URL", "postgresql://desk:secret@127.0.0.1:port/desk"),
        ("VIRUS_SCAN", "command:clamdscan 'quarantine"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused(tmp_path: Path, setting: str, value: str) -> None:
    with pytest.raises(BadSetting, match=f"^{setting} must look like|^{setting} must be an address") as refused:
        read(servers.environment(tmp_path, **{setting: value}))
    assert "secret" not in refused.value.message


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("PUBLIC_URL", "http://[::1]:8000"),
        ("IMAP_URL", "imaps://info:p%2Cw@mail.example.ru/INBOX,imap://a@b.example@127.0.0.1:143"),
        ("REDIS_URL", "rediss://:p%40w@127.0.0.1:6379/0"),
        ("DATABASE_URL", "postgresql://desk:p#w[@db.example/desk"),
        ("DATABASE_URL", "postgresql:///desk?host=/run/postgresql"),
        ("VIRUS_SCAN", "command:clamdscan --config 'a file.conf'"),
    ],
)
def test_an_address_of_any_good_form_is_taken(tmp_path: Path, setting: str, value: str) -> None:
    assert read(servers.environment(tmp_path, **{setting: value})).given

"""Every setting, once: its name, type, default and parser; read from the environment and checked at the start."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import current_app

from app import environment as env
from app.errors import BadSetting

CONFIG_KEY = "HELPDESK"
SECRET_FILE = "secret_key"  # under DATA_DIR, made by bin/run


def _setting(default: str, parse: Callable[[str], Any] = env.text, *, hidden: bool = False) -> Any:
    """One setting; its environment name is the field's in capitals. ``{data_dir}``-like parts are filled in."""
    return field(metadata={"default": default, "parse": parse}, repr=not hidden, kw_only=True)


@dataclass(frozen=True)
class Settings:
    """The desk's settings; field names are those of the environment in lower case."""

    given: frozenset[str] = field(default=frozenset(), repr=False, kw_only=True)  # names the environment sets: no page

    data_dir: Path = _setting("data", env.folder)
    secret_key: str = _setting("", env.secret, hidden=True)
    database_url: str = _setting("sqlite:///{data_dir}/helpdesk.sqlite3", env.database, hidden=True)
    redis_url: str = _setting("unix://{data_dir}/redis/redis.sock", env.redis, hidden=True)
    host: str = _setting("127.0.0.1")
    port: int = _setting("8000", env.number(1, 65535))
    public_url: str = _setting("http://{host}:{port}", env.url)
    trusted_proxies: int = _setting("0", env.number(0, 9))
    web_workers: int = _setting("2", env.number(1, 64))
    job_workers: int = _setting("2", env.number(1, 64))
    log_format: str = _setting("text", env.choice("text", "json"))
    metrics_token: str = _setting("", hidden=True)

    time_zone: ZoneInfo = _setting("Europe/Moscow", env.zone)
    language: str = _setting("ru", env.choice("ru", "en"))

    mail_server: str = _setting("")
    mail_port: int = _setting("25", env.number(1, 65535))
    mail_username: str = _setting("")
    mail_password: str = _setting("", hidden=True)
    mail_use_tls: bool = _setting("off", env.flag)
    mail_use_ssl: bool = _setting("off", env.flag)
    mail_default_sender: str = _setting("info@stekspb.ru", env.address)
    mail_timeout: timedelta = _setting("20s", env.duration)
    mail_plus_addressing: bool = _setting("off", env.flag)
    mail_aliases: tuple[str, ...] = _setting("", env.addresses)
    monitoring_senders: tuple[str, ...] = _setting("", env.senders)
    web_form_senders: tuple[str, ...] = _setting("", env.senders)
    authserv_id: str = _setting("")
    imap_url: tuple[str, ...] = _setting("", env.mailboxes, hidden=True)
    imap_move_to: str = _setting("")
    smtp_listen: tuple[str, int] | None = _setting("127.0.0.1:2525", env.listen)
    lmtp_listen: tuple[str, int] | None = _setting("off", env.listen)
    telegram_bot_token: str = _setting("", env.bot_token, hidden=True)
    telegram_api_url: str = _setting("https://api.telegram.org", env.url)
    telegram_webhook: str = _setting("", env.webhook, hidden=True)
    telegram_draft_after: timedelta = _setting("15m", env.duration)
    telegram_draft_urgent_after: timedelta = _setting("3m", env.duration)

    auto_close_after: timedelta = _setting("72h", env.duration)
    urgent_solve_within: timedelta = _setting("2h", env.duration)
    urgent_take_within: timedelta = _setting("10m", env.duration)
    near_deadline: timedelta = _setting("30m", env.duration)
    escalation_returns_after: timedelta = _setting("30m", env.duration)
    page_next_after: timedelta = _setting("10m", env.duration)
    page_all_after: timedelta = _setting("20m", env.duration)
    page_again_every: timedelta = _setting("30m", env.duration)
    page_complaints: str = _setting("always", env.choice("always", "day"))
    reopen_window: timedelta = _setting("30d", env.duration)
    complaint_answer_within: timedelta = _setting("9h", env.duration)
    sweep_every: timedelta = _setting("10s", env.duration)
    undo_send: timedelta = _setting("10s", env.duration)
    notice_taken: str = _setting("urgent", env.choice("urgent", "all", "none"))
    notice_missed: bool = _setting("off", env.flag)
    notice_closed: bool = _setting("off", env.flag)
    duty_round_the_clock: bool = _setting("on", env.flag)
    default_calendar: str = _setting("ru-5x9")
    default_reaction: timedelta = _setting("1h", env.duration)
    default_solution: timedelta = _setting("8h", env.duration)

    max_attachment_mb: int = _setting("25", env.number(1, 1024))
    max_post_mb: int = _setting("60", env.number(1, 4096))
    max_letter_mb: int = _setting("40", env.number(1, 1024))
    body_within: timedelta = _setting("60s", env.duration)
    keep_robots: timedelta | None = _setting("90d", env.keeping)
    keep_originals: timedelta | None = _setting("1095d", env.keeping)
    virus_scan: str = _setting("", env.scanner)
    session_ends_after: timedelta = _setting("30d", env.staying)
    session_idle_after: timedelta = _setting("14d", env.staying)
    login_limit: str = _setting("10 per 15 minutes")
    lookup_limit: str = _setting("60 per minute")
    form_limit: str = _setting("30 per hour")
    head_limit: str = _setting("6 per hour")
    upload_limit: str = _setting("100 per hour")

    escalation_webhook_url: str = _setting("", env.optional_url, hidden=True)
    escalation_webhook_secret: str = _setting("", hidden=True)
    page_webhook_url: str = _setting("{escalation_webhook_url}", env.optional_url, hidden=True)
    page_webhook_secret: str = _setting("{escalation_webhook_secret}", hidden=True)

    firm_name: str = _setting("ООО «СТЕК»")
    firm_mark: str = _setting("СТЕК")
    firm_city: str = _setting("Санкт-Петербург")
    firm_phones: tuple[str, ...] = _setting("(812) 363-17-87,(812) 493-79-19", env.several)
    firm_bot: str = _setting("StekHelpBot")
    head_phones: tuple[str, ...] = _setting("+7 (965) 022-69-06,+7 (965) 022-69-71", env.several)
    head_email: str = _setting("iso@stekspb.ru", env.address)

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def mail_domain(self) -> str:
        return self.mail_default_sender.rpartition("@")[2]

    @property
    def files_dir(self) -> Path:
        return self.data_dir / "files"

    @property
    def kept_mail_dir(self) -> Path:
        """Where letters go while no mail server is set; ``/dev/mail`` shows them."""
        return self.data_dir / "mail" / "out"


SETTINGS: tuple[Field[Any], ...] = tuple(setting for setting in fields(Settings) if setting.metadata)


def settings() -> Settings:
    """The settings of the running application."""
    return cast(Settings, current_app.config[CONFIG_KEY])


def read(environment: Mapping[str, str]) -> Settings:
    """Settings from an environment; raises BadSetting with the setting's name and what it may be."""
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        values[setting.name] = _value_of(setting, environment, values)
    given = frozenset(name for name in values if environment.get(name.upper(), "").strip())
    return Settings(**values, given=given)


def from_process() -> Settings:
    """Settings of this process: the environment, then the project's ``.env`` for what that leaves out."""
    from dotenv import dotenv_values

    kept = dotenv_values(Path(__file__).parent.parent / ".env")
    return read({**{name: value or "" for name, value in kept.items()}, **os.environ})


def _value_of(setting: Field[Any], environment: Mapping[str, str], known: Mapping[str, Any]) -> Any:
    name = setting.name.upper()
    given = environment.get(name, "").strip()
    if not given and setting.name == "secret_key":
        given = _kept_secret(known["data_dir"])
    try:
        return setting.metadata["parse"](given or setting.metadata["default"].format_map(known))
    except ValueError as error:
        shown = "" if not setting.repr else f", not {given!r}"
        raise BadSetting(f"{name} {error}{shown}.") from error


def _kept_secret(data_dir: Path) -> str:
    path = data_dir / SECRET_FILE
    return path.read_text(encoding="ascii").strip() if path.is_file() else ""

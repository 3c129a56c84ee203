"""The application factory: a table of contents, the only place that knows every part."""

from __future__ import annotations

import importlib
import os
from datetime import timedelta

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import config, database, logs, migrations, models, search_marks  # noqa: F401  known to migrations; it listens
from app.extensions import babel, csrf, db, limiter, login, mail, redis_options

BLUEPRINTS: tuple[str, ...] = (
    "app.web.requests",
    "app.web.uploads",
    "app.web.status",
    "app.web.ticket_link",
    "app.web.ratings",
    "app.web.files",
    "app.web.downloads",
    "app.web.sessions",
    "app.web.queue",
    "app.web.queue_csv",
    "app.web.queue_views",
    "app.web.bulk",
    "app.web.incidents",
    "app.web.search",
    "app.web.tickets",
    "app.web.similar",
    "app.web.ticket_merge",
    "app.web.ticket_work",
    "app.web.nearest",
    "app.web.presence",
    "app.web.palette",
    "app.web.ticket_talk",
    "app.web.reply_drafts",
    "app.web.live",
    "app.api",
    "app.web.calls",
    "app.web.call_drafts",
    "app.web.escalations",
    "app.web.escalation_acts",
    "app.web.escalation_log",
    "app.web.thresholds",
    "app.web.duty",
    "app.web.duty_shifts",
    "app.web.duty_absences",
    "app.web.letters",
    "app.web.letter_view",
    "app.web.mail_templates",
    "app.web.answer_templates",
    "app.web.telegram",
    "app.web.health",
    "app.web.memo",
    "app.web.head",
    "app.web.complaints",
    "app.web.me",
    "app.web.security",
    "app.web.accounts",
    "app.web.staff",
    "app.web.settings",
    "app.web.tokens",
    "app.web.pages",
    "app.web.pairing",
    "app.web.ticket_person",
    "app.web.reports",
    "app.web.companies",
    "app.web.contracts",
    "app.web.corrections",
    "app.web.calendars",
    "app.web.calendar_edits",
    "app.web.calendar_files",
    "app.web.people",
    "app.web.person_data",
    "app.web.imports",
    "app.web.merges",
    "app.web.contact",
    "app.web.dev_mail",
)
COMMANDS: tuple[str, ...] = (
    "app.cli.calendar",
    "app.cli.staff",
    "app.cli.token",
    "app.cli.sweep",
    "app.cli.search",
    "app.cli.reports",
    "app.cli.imports",
    "app.cli.doctor",
    "app.cli.backup",
    "app.cli.mail",
    "app.cli.person",
    "app.cli.telegram",
    "app.cli.demo",
)


def create_app(settings: config.Settings | None = None) -> Flask:
    """The whole desk as one WSGI application; ``settings`` default to this process's environment."""
    settings = settings or config.from_process()
    app = _bare(settings)
    _bind_extensions(app)
    logs.init_app(app)
    from app.web import assets, drawn, errors, filters, headers, languages, navigation, on_duty, translate

    for part in (headers, errors, assets, drawn, filters, translate, languages, navigation, on_duty):
        part.init_app(app)
    for name in (*BLUEPRINTS, *COMMANDS):
        app.register_blueprint(importlib.import_module(name).bp)
    from app.web import guard

    guard.install(app)
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, *[settings.trusted_proxies] * 4)  # type: ignore[method-assign]
    return app


def create_mail_gate() -> Flask:
    """As little of the desk as stores a letter: made for each letter of an MTA's pipe, and no page can break it."""
    settings = config.from_process()
    app = _bare(settings)
    db.init_app(app)
    with app.app_context():
        database.prepare(db.engine)
    app.register_blueprint(importlib.import_module("app.cli.mail").bp)
    return app


def _bare(settings: config.Settings) -> Flask:
    app = Flask(__name__)
    app.config.from_mapping(_flask_settings(settings))
    app.config[config.CONFIG_KEY] = settings
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return app


def _bind_extensions(app: Flask) -> None:
    settings = app.config[config.CONFIG_KEY]
    for extension in (db, login, csrf, mail, limiter):
        extension.init_app(app)
    # The brakes' store in memory starts a timer that no process may end before, and a faked clock never lets it end;
    # the store begins another whenever it is used.
    limiter._fallback_storage.timer.cancel()  # noqa: SLF001
    if os.environ.get("FLASK_RUN_FROM_CLI"):
        migrations.bind(app)
    from app.web import languages

    zone = settings.time_zone.key
    babel.init_app(app, default_locale=settings.language, default_timezone=zone, locale_selector=languages.current)
    with app.app_context():
        database.prepare(db.engine)


def _flask_settings(settings: config.Settings) -> dict[str, object]:
    """What Flask and its extensions call the same settings."""
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {**_pool(settings), "hide_parameters": True},  # what people wrote stays unlogged
        "MAX_CONTENT_LENGTH": settings.max_post_mb << 20,
        "MAX_FORM_MEMORY_SIZE": 2 << 20,
        "MAX_FORM_PARTS": 200,
        "SESSION_COOKIE_NAME": "__Host-desk" if settings.is_https else "desk",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": max(timedelta(days=30), settings.session_idle_after),
        "WTF_CSRF_TIME_LIMIT": None,  # a form must not expire under the hands of a slow writer
        "WTF_CSRF_SSL_STRICT": False,  # Referrer-Policy is no-referrer; the token itself is required
        "MAIL_SERVER": settings.mail_server,
        "MAIL_PORT": settings.mail_port,
        "MAIL_USERNAME": settings.mail_username or None,
        "MAIL_PASSWORD": settings.mail_password or None,
        "MAIL_USE_TLS": settings.mail_use_tls,
        "MAIL_USE_SSL": settings.mail_use_ssl,
        "MAIL_DEFAULT_SENDER": settings.mail_default_sender,
        "RATELIMIT_STORAGE_URI": settings.redis_url.replace("unix://", "redis+unix://"),
        "RATELIMIT_STORAGE_OPTIONS": redis_options(),  # a hanging Redis must not keep a form waiting
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "RATELIMIT_SWALLOW_ERRORS": True,
        "TEMPLATES_AUTO_RELOAD": False,
    }


def _pool(settings: config.Settings) -> dict[str, object]:
    """Connections of one process, kept open: to open one for each request would cost more than the request.

    A PostgreSQL takes 100 unless told otherwise, and there are several processes; to SQLite they are open files.
    """
    return {"pool_size": 20, "max_overflow": 50 if settings.is_sqlite else 0, "pool_use_lifo": True}

"""The web server: threads, because most connections are live streams that wait; and one loaded application for all."""

from __future__ import annotations

from typing import Any

from app import heartbeats, logs, silence_watch
from app.config import from_process
from workers import house

_settings = from_process()
logs.speak(_settings.log_format)

bind = f"[{_settings.host}]:{_settings.port}" if ":" in _settings.host else f"{_settings.host}:{_settings.port}"
workers = _settings.web_workers
worker_class = "workers.web.DeskThreadWorker"
threads = 260  # 220 live streams and room for pages; connections are not shared out evenly
worker_connections = 1000
preload_app = True
control_socket_disable = True
timeout = 60  # of a worker that does not even tick; no limit of a request
graceful_timeout = 8
keepalive = 5
backlog = 1024
max_requests = 0
limit_request_line = 8190
accesslog = None  # the application logs requests itself, with secrets masked
errorlog = "-"
loglevel = "warning"
proc_name = "helpdesk-web"
forwarded_allow_ips = "127.0.0.1,::1"


def when_ready(_server: Any) -> None:
    """Everything is loaded, no worker is forked yet."""
    house.share_memory()


def post_fork(server: Any, _worker: Any) -> None:
    """Leave the arbiter's connections alone, and end with it: kill -9 of the arbiter must not leave the port taken."""
    house.after_fork(server.app.wsgi(), server.pid, "web")


def post_worker_init(worker: Any) -> None:
    """Tell the application when this worker stops, so that live streams end at once."""
    application = worker.app.wsgi()
    application.extensions["is_serving"] = lambda: worker.alive
    heartbeats.start(application, "web", silence_watch.Watch().look)

"""For machines: is it alive, can it serve, and figures for Prometheus. Strangers learn no more than yes or no."""

from __future__ import annotations

import hmac
from datetime import timedelta

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue

from app import health, heartbeats
from app.clock import now
from app.config import settings
from app.paging.reach import reach
from app.web import metrics

bp = Blueprint("health", __name__)

_LOOPBACK = {"127.0.0.1", "::1"}
_SECOND = timedelta(seconds=1)


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """This process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """200 when all is well, 503 when something is not; which thing, only for this machine and METRICS_TOKEN."""
    checks = health.checks()
    is_ok = all(check.is_ok for check in checks)
    answer: dict[str, object] = {"status": "ok" if is_ok else "not ok"}
    if _is_local() or _has_token():
        answer["checks"] = {check.name: check.detail or "ok" for check in checks}
        if all(check.is_ok for check in checks if check.name in {"database", "migrations"}):
            answer["processes"] = {name: (now() - at) // _SECOND for name, at in sorted(heartbeats.last().items())}
            answer["paging"] = reach(now()).words
            answer["undone"] = {
                name: {"count": work.count, "oldest_seconds": work.age // _SECOND}
                for name, work in health.undone(now()).items()
            }
    return jsonify(answer), 200 if is_ok else 503


@bp.get("/metrics")
def figures() -> ResponseReturnValue:
    """With METRICS_TOKEN set: for its bearer; without: for this machine."""
    if settings().metrics_token:
        if not _has_token():
            abort(401)
    elif not _is_local():
        abort(403)
    return Response(metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _is_local() -> bool:
    """Whether this machine asks; behind a proxy that is not trusted nobody counts as local."""
    is_forwarded = not settings().trusted_proxies and {"X-Forwarded-For", "Forwarded"} & set(request.headers.keys())
    return request.remote_addr in _LOOPBACK and not is_forwarded


def _has_token() -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    expected = settings().metrics_token
    return (
        bool(expected) and scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), expected.encode())
    )

"""Security headers of every answer, and the refusal of hosts that are not ours.

No page sends a Referer (addresses of customers' pages are secrets), so Flask-WTF's comparison of Referers is off
(``WTF_CSRF_SSL_STRICT``); its tokens, bound to the session, and SameSite cookies are what guards the forms, beside
what browsers say of where a form was sent from.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from app.config import Settings, settings
from app.web.guard import READING
from app.web.incoming import Id, Incoming, Word

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_WITHOUT_COOKIES = {"static", "downloads.show"}
_NO_COOKIE_FROM = "/download/"  # bytes that strangers sent: no session there, whatever the browser says
_OUR_SITES = frozenset({"same-origin", "none"})
ANY_HOST = {"/healthz", "/readyz"}
_FIXED = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def init_app(app: Flask) -> None:
    app.session_interface = _Sessions()
    app.request_class = Incoming
    app.url_map.converters.update(int=Id, default=Word)
    app.before_request(_refuse_unknown_host)
    app.before_request(_refuse_foreign_forms)
    app.after_request(_protect)


class _Sessions(SecureCookieSessionInterface):
    """Flask's own, but on one path, where a session is neither read nor kept; a part of a page renews no cookie."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith(_NO_COOKIE_FROM):
            return SecureCookieSession()
        return super().open_session(app, request)

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        return session.modified or ("HX-Request" not in request.headers and super().should_set_cookie(app, session))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not request.path.startswith(_NO_COOKIE_FROM):
            super().save_session(app, session, response)


def known_hosts(config: Settings) -> set[str]:
    """Values of the Host header that mean this desk: the public addresses, and its own port on this machine."""
    local = {f"{host}:{config.port}" for host in (config.host, "127.0.0.1", "localhost", "[::1]")}
    return local.union(*(_spellings(url) for url in (config.public_url, config.telegram_webhook) if url))


def _spellings(url: str) -> set[str]:
    """With and without the port that goes without saying."""
    parts = urlsplit(url)
    netloc = parts.netloc.lower()
    default_port = ":443" if parts.scheme == "https" else ":80"
    return {netloc, netloc.removesuffix(default_port), netloc.removesuffix(default_port) + default_port}


def _refuse_unknown_host() -> None:
    if request.path not in ANY_HOST and request.host.lower() not in known_hosts(settings()):
        abort(400)


def _refuse_foreign_forms() -> None:
    """A browser says where a form was sent from; from another site none is taken, whatever token it brings.

    No Referer leaves our pages, so browsers write ``Origin: null`` for their forms: that says nothing. Programs say
    nothing either, and the API has no cookies.
    """
    if request.method in READING or request.path.startswith("/api/"):
        return
    site, origin = request.headers.get("Sec-Fetch-Site", "none"), request.headers.get("Origin", "null")
    is_ours = origin == "null" or _host_of(origin) in known_hosts(settings())
    if site not in _OUR_SITES or not is_ours:
        abort(403)


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:  # brackets around what is no address
        return ""


def _protect(response: Response) -> Response:
    """Fill in what the view did not decide itself; a page that keeps a cache or another policy says so first."""
    for name, value in _FIXED.items():
        response.headers.setdefault(name, value)
    if request.endpoint not in _WITHOUT_COOKIES:
        response.vary.update(("Cookie", "HX-Request"))
    if settings().is_https:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response

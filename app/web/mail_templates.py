"""Letters in the manager's own words: a list, an editor with a preview, a letter to oneself, and the way back."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import mail_templates, numbers, outbox, standalone
from app.clock import now
from app.config import settings
from app.errors import NotFound
from app.extensions import db
from app.models.staff import Staff
from app.notify import own_words, sampling
from app.notify.own_words import Wording
from app.reading import mail_templates as reading
from app.web.headers import CONTENT_SECURITY_POLICY
from app.web.translate import _
from app.web.viewer import actor, reader

bp = Blueprint("mail_templates", __name__, url_prefix="/mail-templates")

_PAGE_POLICY = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
_LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


@bp.get("")
def index() -> str:
    """Every kind of letter that can be worded anew, in each language, and which ones were."""
    return render_template("mail_templates/index.html", rows=reading.rows(reader()), languages=own_words.LANGUAGES)


@bp.get("/<notice>/<language>")
def edit(notice: str, language: str) -> ResponseReturnValue:
    _known(notice, language)
    own = own_words.found(notice, language)
    return _page(notice, language, own or own_words.original(notice, language), {})


@bp.post("/<notice>/<language>")
def save(notice: str, language: str) -> ResponseReturnValue:
    """From the next letter on it is worded so."""
    _known(notice, language)
    typed = _typed()
    if errors := own_words.errors(typed, language):
        return _page(notice, language, typed, errors), 422
    with outbox.transaction():
        mail_templates.keep(notice, language, typed.subject, typed.text, actor(), now())
    flash(_("Сохранили. Следующее такое письмо уйдёт с этим текстом."), "done")
    return _back(notice, language)


@bp.post("/<notice>/<language>/original")
def restore(notice: str, language: str) -> ResponseReturnValue:
    """As the desk came."""
    _known(notice, language)
    with outbox.transaction():
        mail_templates.forget(notice, language)
    flash(_("Вернули исходный текст."), "done")
    return _back(notice, language)


@bp.get("/<notice>/<language>/preview")
def shown(notice: str, language: str) -> ResponseReturnValue:
    """The letter as it would leave now, for the frame."""
    _known(notice, language)
    return _letter(notice, language, own_words.found(notice, language), {})


@bp.post("/<notice>/<language>/preview")
def preview(notice: str, language: str) -> ResponseReturnValue:
    """The same with what is typed and not saved."""
    _known(notice, language)
    typed = _typed()
    return _letter(notice, language, typed, own_words.errors(typed, language))


@bp.post("/<notice>/<language>/sample")
def send(notice: str, language: str) -> ResponseReturnValue:
    """What is typed, as a letter to whoever types it and to nobody else."""
    _known(notice, language)
    typed, number = _typed(), _number()
    errors = own_words.errors(typed, language)
    if not errors:
        member = db.session.get_one(Staff, actor().staff_id)
        try:
            sampling.sample(notice, language, typed, number, now())
        except NotFound as refusal:
            return _page(notice, language, typed, {"number": refusal.message}), 422
        with outbox.transaction():
            standalone.owe(
                "sample",
                member.email,
                now(),
                template=notice,
                language=language,
                number=number,
                subject=typed.subject,
                text=typed.text,
            )
        flash(_("Отправили на %(address)s. Ничего не сохранено.", address=member.email), "done")
    return _page(notice, language, typed, errors), 422 if errors else 200


def _page(notice: str, language: str, typed: Wording, errors: dict[str, str]) -> Response:
    response = Response(
        render_template(
            "mail_templates/edit.html",
            row=reading.row(notice, language, reader()),
            typed=typed,
            errors=errors,
            number=request.form.get("number", "") or sampling.newest_number(),
            placeholders=reading.placeholders(language),
        )
    )
    response.headers["Content-Security-Policy"] = _PAGE_POLICY
    return response


def _letter(notice: str, language: str, own: Wording | None, errors: Mapping[str, str]) -> ResponseReturnValue:
    """The letter alone; in its place what is wrong with it. Its policy holds as well when it is opened by itself."""
    try:
        subject, _text, html = sampling.sample(notice, language, own, _number(), now())
    except NotFound as refusal:
        errors, subject, html = {**errors, "number": refusal.message}, "", ""
    above = render_template(
        "mail_templates/_above.html", subject=subject, sender=settings().mail_default_sender, errors=errors
    )
    response = Response(above if errors else above + html, status=422 if errors else 200)
    response.headers["Content-Security-Policy"] = _LETTER_POLICY
    return response


def _typed() -> Wording:
    return own_words.cleaned(request.form.get("subject", ""), request.form.get("text", ""))


def _number() -> str:
    given = request.values.get("number", "")
    return numbers.normalise(given) if given.strip() else sampling.newest_number()


def _known(notice: str, language: str) -> None:
    if notice not in own_words.EDITABLE or language not in own_words.LANGUAGES:
        raise NotFound(_("Такого письма нет."))


def _back(notice: str, language: str) -> ResponseReturnValue:
    return redirect(url_for("mail_templates.edit", notice=notice, language=language), 303)

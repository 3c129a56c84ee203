"""A member of staff's own page: their chats with the bot, and what they want to hear of there."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import outbox, pairing
from app.clock import now
from app.extensions import db
from app.models.staff import Staff
from app.pairing import Wish
from app.reading import ratings as reading
from app.rows import typed_id
from app.web.translate import _
from app.web.viewer import actor, reader

bp = Blueprint("me", __name__)


@bp.get("/me/telegram")
def telegram() -> str:
    """Chats, wishes, and a start link that is good for an hour and for this member of staff alone."""
    member = _member()
    chats = pairing.chats_of_staff(member)
    return render_template(
        "me/telegram.html",
        chats=chats,
        wishes=[(wish, words, all(pairing.wants(chat, wish) for chat in chats)) for wish, words in _offered().items()],
        link=pairing.staff_link(member, now()),
    )


@bp.get("/me/ratings")
def ratings() -> str:
    """What customers said of this member's solutions; of a complaint only the figure."""
    after = request.args.get("after", "")
    own = reading.own(actor(), reader(), typed_id(after) or 0)
    return render_template("me/ratings.html", own=own)


@bp.post("/me/telegram/wishes")
def wish() -> ResponseReturnValue:
    """What was ticked is heard of, in all chats of this member of staff."""
    with outbox.transaction():
        for chat in pairing.chats_of_staff(_member()):
            chat.wishes = {**chat.wishes, **{wish.value: wish.value in request.form for wish in _offered()}}
    flash(_("Записали. Начиная с этой минуты бот пишет только об отмеченном."), "done")
    return redirect(url_for("me.telegram"), 303)


@bp.post("/me/telegram/disconnection")
def disconnect() -> ResponseReturnValue:
    """One chat, or all where none is named; links shown before are void."""
    member, wanted = _member(), request.form.get("chat", "")
    with outbox.transaction():
        for chat in pairing.chats_of_staff(member):
            if wanted in {"", str(chat.id)}:
                pairing.unpair(chat, now())
    flash(_("Telegram отключён: бот больше не пишет в этот чат и не принимает из него действий."), "done")
    return redirect(url_for("me.telegram"), 303)


def _member() -> Staff:
    return db.session.get_one(Staff, actor().staff_id)


def _offered() -> dict[Wish, str]:
    """The wishes that this member of staff can have, with their words."""
    offered = {
        Wish.URGENT: _("Срочные заявки, как только они пришли"),
        Wish.UNTAKEN: _("Срочную никто не взял вовремя"),
        Wish.MINE: _("Мои заявки: назначили, открыли заново, срок близко или прошёл"),
        Wish.ANSWERED: _("Клиент ответил по моей заявке"),
        Wish.ESCALATION: _("Эскалации"),
    }
    if not actor().is_manager:
        del offered[Wish.ESCALATION]
    return offered

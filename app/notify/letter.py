"""One letter: written from its facts by two templates, ready for any transport."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.charset import BASE64, Charset
from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from email.policy import SMTP
from urllib.parse import quote

from flask import current_app
from flask_babel import force_locale
from flask_mail import Attachment, Message

from app import files
from app.config import settings
from app.errors import DeliveryError
from app.models.message import Attachment as KeptFile
from app.notify import own_words, plain_text, wording
from app.notify.facts import Facts
from app.notify.headers import PERSONAL, headers, reply_to, returns_to
from app.translate import _

MOST_FILE_BYTES = 15 << 20  # of all files of one letter together; the rest is one click away
_LONGEST_ENCODED_NAME = 600  # RFC 5322 allows lines of 998 bytes
_BLANK_LINES = re.compile(r"\n{3,}")


class DeskMessage(Message):
    """Flask-Mail's message without two of its traps: bodies in 8 bits, with lines of any length, and refolding."""

    def _mimetext(self, text: str | None, subtype: str = "plain") -> MIMEText:
        charset = Charset("utf-8")
        charset.body_encoding = BASE64
        body = (text or "").replace("\n", "\r\n")
        return MIMEText(body, subtype, charset)  # type: ignore[arg-type]  # typeshed knows names only

    def _message(self) -> MIMEBase:
        message: MIMEBase = super()._message()
        message.policy = SMTP.clone(refold_source="none")  # refolded, a long Message-ID becomes an encoded word
        return message


@dataclass(frozen=True)
class Written:
    """A letter, the moment of closing that it names, and the envelope sender to which it comes back."""

    message: DeskMessage
    recipient: str
    closing_at: datetime | None = None
    returns_to: str = ""


def write(facts: Facts, closing_at: datetime | None) -> Written:
    """Compose the letter of one delivery; raises DeliveryError where its recipient can never be written to."""
    recipient = ascii_address(facts.delivery.recipient)
    attached, left_out = _attachments(facts)
    with force_locale(facts.ticket.language if facts.delivery.is_for_customer else settings().language):
        subject, text, html = _render(facts, closing_at, left_out)
    message = DeskMessage(
        subject=f"{plain_text.line(subject, 200)} [#{facts.ticket.number}]",
        recipients=[recipient],
        body=text,
        html=html,
        sender=settings().mail_default_sender,
        reply_to=reply_to(facts),
        date=facts.at.timestamp(),
        extra_headers=headers(facts),
        attachments=attached,
    )
    message.sender = (_sender_name(facts), settings().mail_default_sender)  # given above, a comma would cut the name
    message.msgId = facts.delivery.message_id  # as an extra header it would stand there twice
    return Written(message, recipient, closing_at, returns_to(facts.delivery))


def _render(facts: Facts, closing_at: datetime | None, left_out: list[str]) -> tuple[str, str, str]:
    name = "digest" if facts.digest else facts.delivery.notice if facts.delivery.is_for_customer else "staff"
    words = wording.words(facts, closing_at) | {"f": facts, "left_out": left_out}
    if name in own_words.EDITABLE and (own := own_words.found(name, str(words["language"]))):
        words["own"] = own_words.filled(own, facts, words)
    return render(name, words)


def render(name: str, words: Mapping[str, object]) -> tuple[str, str, str]:
    """Subject, text, HTML. The first line of the text template is the subject."""
    templates = current_app.jinja_env
    subject, _, text = templates.get_template(f"mail/{name}.txt").render(words).lstrip("\n").partition("\n")
    subject = subject.replace("\u00a0", " ").strip()
    html = templates.get_template(f"mail/{name}.html").render({**words, "subject": subject})
    return subject, _BLANK_LINES.sub("\n\n", plain_text.body(text)).strip() + "\n", plain_text.body(html)


def _sender_name(facts: Facts) -> str:
    desk = f"{settings().firm_mark} HelpDesk"
    return f"{facts.author}, {desk}" if facts.delivery.notice in PERSONAL and facts.author else desk


def ascii_address(address: str) -> str:
    """The address as SMTP without SMTPUTF8 takes it: the domain in IDNA; a Cyrillic local part cannot be written to."""
    local, _at, domain = address.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        wrong = _("Домен в адресе %(address)s записан с ошибкой.", address=address)
        raise DeliveryError(wrong, permanent=True) from error
    if not local.isascii() or not re.fullmatch(r"[!-~]+", local) or re.search(r"[<>()\[\],;:\\\"]", local):
        wrong = _("На адрес %(address)s почта не ходит: в нём недопустимые буквы.", address=address)
        raise DeliveryError(wrong, permanent=True)
    return f"{local}@{domain}"


def _attachments(facts: Facts) -> tuple[list[Attachment], list[str]]:
    """Files that go along, and the names of those that only the page has."""
    taken: list[Attachment] = []
    left_out: list[str] = []
    room = MOST_FILE_BYTES
    for kept in _files(facts):
        path = files.path(kept.storage_id)
        if kept.is_infected or kept.size > room or not path.is_file():
            left_out.append(plain_text.line(kept.name, 100))
            continue
        room -= kept.size
        kind = kept.type if re.fullmatch(r"[\w.+-]+/[\w.+-]+", kept.type, re.ASCII) else files.OPAQUE
        taken.append(Attachment(_file_name(kept.name), kind, path.read_bytes()))
    return taken, left_out


def _files(facts: Facts) -> Iterable[KeptFile]:
    if facts.message is None or facts.delivery.notice not in PERSONAL or not facts.delivery.is_for_customer:
        return ()
    return facts.message.files


def _file_name(name: str) -> str:
    """A clean name whose encoded form fits one line of a header."""
    name = files.clean_name(name)
    stem, dot, suffix = name.rpartition(".")
    while len(quote(name)) > _LONGEST_ENCODED_NAME:
        stem = stem[:-1] if dot else name[:-1]
        name = f"{stem}{dot}{suffix}" if dot else stem
    return name

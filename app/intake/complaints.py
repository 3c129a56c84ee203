"""Letters that are for the head of the desk alone: answers about a complaint, and what comes to the head's address."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from sqlalchemy import select

from app import clock, complaints, signing
from app.actor import Actor
from app.address_lists import own_addresses, without_plus
from app.complaints import Said, Who
from app.complaints.opening import enter
from app.config import settings
from app.extensions import db
from app.files import StoredFile
from app.intake import contents
from app.intake.case import Case
from app.intake.mime.letter import ParsedLetter
from app.models.complaint import Complaint
from app.models.letter import Letter
from app.models.ticket import Ticket
from app.models.words import Channel, ComplaintEntryKind, ComplaintOrigin, LetterKind
from app.translate import _

_LONGEST = 20_000
SIGNAL = "complaint"  # of a letter that is no request's; which complaint it is, only those see who may see that


def take(case: Case) -> bool:
    """Bring a letter to its complaint, or open one with it; False: it is for the desk as all others are."""
    known = _answered(case)
    if known is None and not is_to_head(case.letter, case.parsed):
        return False
    if case.letter.kind is not LetterKind.HUMAN:
        return known is not None and _keep(case, known)  # an out-of-office reply is no complaint
    words = (case.cut() if known else case.parsed.text).strip()[:_LONGEST]
    text = words or case.parsed.subject or _(contents.NO_TEXT)
    said = Said(text, case.kept, case.letter.id, key=case.key)
    by = Actor.of_person(case.who.person, case.who.name or case.who.email, Channel.EMAIL)
    if known is not None:
        complaints.say(known, said, by, clock.now())
    else:
        complaints.open_case(ComplaintOrigin.LETTER, said, _who(case), by, clock.now(), _named(case))
    case.letter.signals = [*case.letter.signals, SIGNAL]
    return True


def _keep(case: Case, known: Complaint) -> bool:
    """A robot's answer: kept with the case, for it may quote what the customer wrote; nothing changes."""
    name = case.who.name or case.who.email or _("автоответ")
    by = Actor.of_person(None, name, Channel.EMAIL)
    text = case.cut().strip()[:_LONGEST] or case.parsed.subject
    enter(known, ComplaintEntryKind.NOTED, by, clock.now(), text, letter_id=case.letter.id, intake_key=case.key)
    return True


def _answered(case: Case) -> Complaint | None:
    """The complaint whose letter this one answers: by a secret address, a signed id, or the tag of its subject."""
    parsed = case.parsed
    addressed = [*case.letter.envelope_to, *parsed.delivered_to, *(box.email for box in (*parsed.to, *parsed.cc))]
    ids = (*parsed.in_reply_to, *reversed(parsed.references))
    for value in dict.fromkeys([*addressed, *ids, parsed.subject]):
        if complaint_id := signing.read_complaint(value):
            query = select(Complaint).where(Complaint.id == complaint_id).with_for_update()
            return db.session.scalars(query, execution_options={"populate_existing": True}).first()
    return None


def is_to_head(letter: Letter, parsed: ParsedLetter) -> bool:
    """The head's mailbox is one of ours, and the letter went there and to no other address of the desk."""
    head, own = settings().head_email, own_addresses()
    if head not in own or head == settings().mail_default_sender:
        return False
    addressed = set(_addresses(letter, parsed))
    return head in addressed and not addressed & (own - {head})


def take_unreadable(letter: Letter, parsed: ParsedLetter, original: StoredFile, reason: str) -> None:
    """A letter to the head that nobody could read: a case with the original, and no request for all to see."""
    text = _(
        "Письмо руководителю не удалось разобрать, оригинал приложен. Тема: %(subject)s. Причина: %(reason)s",
        subject=parsed.subject,
        reason=reason,
    )
    who = Who(name=parsed.from_name, email=letter.from_email, language=settings().language)
    by = Actor.of_person(None, parsed.from_name or letter.from_email, Channel.EMAIL)
    said = Said(text, [original], letter.id, key=f"letter:{letter.id}")
    complaints.open_case(ComplaintOrigin.LETTER, said, who, by, clock.now())
    letter.signals = [*letter.signals, SIGNAL]


def _addresses(letter: Letter, parsed: ParsedLetter) -> Iterable[str]:
    """The envelope's, where the road knows it; else whose mailbox it lay in and whom it names."""
    if letter.envelope_to:
        return map(without_plus, letter.envelope_to)
    readers = (unquote(urlsplit(url).username or "") for url in settings().imap_url)
    boxes = [box.email for box in (*parsed.to, *parsed.cc)]
    of_mailbox = [one for one in readers if one and letter.mailbox.startswith(f"{one}@")]
    return map(without_plus, [*parsed.delivered_to, *boxes, *of_mailbox])


def _who(case: Case) -> Who:
    person = case.who.person
    return Who(
        name=case.who.name or (person.name if person else ""),
        email=case.who.email,
        phone=person.phone or "" if person else "",
        language=person.language if person else settings().language,
        person_id=person.id if person else None,
        is_confirmed=case.stamp != "fail" and case.who.is_known,
    )


def _named(case: Case) -> Ticket | None:
    """The request that the letter speaks of, where its writer belongs to it."""
    return case.thread.ticket if case.thread.ticket and not case.thread.is_stranger else None

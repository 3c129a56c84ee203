"""The form of a company: what was typed, checked field by field; and the same for its contracts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app import clients, contracts
from app.errors import IntakeRejected
from app.extensions import db
from app.intake.intake import address_error
from app.intake.mime.text import clean_line, clean_text
from app.models.company import Company, name_key
from app.models.words import Notify, UrgentClock
from app.web.translate import _

LONGEST_NAME, LONGEST_NUMBER, LONGEST_NOTES = 200, 60, 5000
LONGEST_CONTACTS = 2000


def values_of(company: Company) -> dict[str, str]:
    """The form as it is filled from a company."""
    return {
        "name": company.name,
        "domains": " ".join(sorted(row.domain for row in company.domains)),
        "notice_email": company.notice_email,
        "notify": company.notify.value,
        "notes": company.notes,
    }


def notify_words() -> dict[Notify, str]:
    return {
        Notify.BOTH: _("заявителю и на адрес компании"),
        Notify.APPLICANT: _("только заявителю"),
        Notify.COMPANY: _("только на адрес компании"),
    }


def checked_company(typed: Mapping[str, str], company: Company | None) -> dict[str, Any]:
    """Fields as ``clients.change_company`` takes them; IntakeRejected names each wrong one."""
    errors: dict[str, str] = {}
    name = clean_line(typed.get("name", ""))
    if not name:
        errors["name"] = _("Напишите название компании.")
    elif len(name) > LONGEST_NAME:
        errors["name"] = _("Слишком длинно: здесь помещается %(most)s знаков.", most=LONGEST_NAME)
    elif not typed.get("is_other") and (twin := _same_name(name, company)):
        errors["name"] = _("Компания с таким названием уже есть: %(name)s.", name=twin)
    domains = re.split(r"[\s,;]+", typed.get("domains", "").strip())
    kept: list[str] = []
    try:
        kept = clients.checked_domains([one for one in domains if one], company.id if company else None)
    except IntakeRejected as refusal:
        errors |= refusal.errors
    address = typed.get("notice_email", "").strip().lower()
    if address and (wrong := address_error(address)):
        errors["notice_email"] = _(wrong)
    notify = typed.get("notify", "")
    if notify not in set(Notify):
        errors["notify"] = _("Выберите, куда уведомлять.")
    elif notify == Notify.COMPANY and not address:
        errors.setdefault("notice_email", _("Напишите адрес компании: уведомления пойдут только на него."))
    notes = notes_of(typed, errors)
    if errors:
        raise IntakeRejected(errors)
    return {"name": name, "domains": kept, "notice_email": address, "notify": Notify(notify), "notes": notes}


def checked_contract(typed: Mapping[str, str]) -> dict[str, Any]:
    """Columns of a contract; IntakeRejected names each wrong field."""
    errors: dict[str, str] = {}
    number = clean_line(typed.get("number", ""))
    if not number:
        errors["number"] = _("Напишите номер договора.")
    elif len(number) > LONGEST_NUMBER:
        errors["number"] = _("Слишком длинно: здесь помещается %(most)s знаков.", most=LONGEST_NUMBER)
    fields: dict[str, Any] = {"number": number, "calendar": typed.get("calendar", "")}
    fields["valid_from"] = _day(typed, "valid_from", errors, is_needed=True)
    fields["valid_to"] = _day(typed, "valid_to", errors, is_needed=False)
    for name in ("reaction", "solution"):
        fields[name] = _amount(typed, name, errors, is_needed=True)
    for name in ("urgent_take", "urgent_solve", "reopening_window", "reopening_minimum"):
        fields[name] = _amount(typed, name, errors, is_needed=False)
    clock = typed.get("urgent_clock", UrgentClock.ROUND_THE_CLOCK.value)
    if clock in set(UrgentClock):
        fields["urgent_clock"] = UrgentClock(clock)
    else:
        errors["urgent_clock"] = _("Выберите, по каким часам идут срочные заявки.")
    for name in ("firm_contacts", "client_contacts"):
        fields[name] = clean_text(typed.get(name, "")).strip()
        if len(fields[name]) > LONGEST_CONTACTS:
            errors[name] = _("Слишком длинно: здесь помещается %(most)s знаков.", most=LONGEST_CONTACTS)
    fields["stops_for_third_party"] = bool(typed.get("stops_for_third_party"))
    if errors:
        raise IntakeRejected(errors)
    return fields


def notes_of(typed: Mapping[str, str], errors: dict[str, str]) -> str:
    notes = clean_text(typed.get("notes", "")).strip()
    if len(notes) > LONGEST_NOTES:
        errors["notes"] = _("Слишком длинно: здесь помещается %(most)s знаков.", most=LONGEST_NOTES)
    return notes


def _same_name(name: str, company: Company | None) -> str | None:
    query = select(Company.name).where(Company.name_key == name_key(name), Company.merged_into_id.is_(None))
    return db.session.scalars(query.where(Company.id != (company.id if company else 0)).limit(1)).first()


def _day(typed: Mapping[str, str], name: str, errors: dict[str, str], *, is_needed: bool) -> date | None:
    text = typed.get(name, "").strip()
    if not text:
        if is_needed:
            errors[name] = _("Напишите день, с которого договор действует.")
        return None
    if found := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
        text = f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}"
    try:
        return date.fromisoformat(text)
    except ValueError:
        errors[name] = _("Такого дня нет. Пример: %(example)s", example="31.12.2026")
        return None


def _amount(typed: Mapping[str, str], name: str, errors: dict[str, str], *, is_needed: bool) -> timedelta | None:
    text = typed.get(name, "").strip()
    if not text:
        if is_needed:
            errors[name] = _("Напишите, за сколько. Пример: 8 ч 30 мин")
        return None
    try:
        return contracts.amount(text)
    except (ValueError, OverflowError):
        errors[name] = _("Не похоже на срок. Пример: 8 ч 30 мин")
        return None

"""The words of an invitation (RFC 5545), for letters that have no others."""

from __future__ import annotations

import re

from app.intake.mime.text import clean_line, clean_text

LONGEST = 100_000  # bytes that are looked at
_FOLD = re.compile(r"\r?\n[ \t]")
_FIELD = re.compile(r"^([A-Z-]{1,20})((?:;[^:\r\n]{0,300})?):([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\;,nN])")
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?\Z")
_ZONE = re.compile(r"TZID=\"?([^;:\"]{1,60})", re.IGNORECASE)
_TITLES = {"CANCEL": "Встреча отменена", "REPLY": "Ответ на приглашение", "COUNTER": "Предлагают другое время встречи"}


def words(text: str) -> str:
    """What, when, where and about what; empty where there is no event in it."""
    flat = _FOLD.sub("", text[:LONGEST])
    start = flat.upper().find("BEGIN:VEVENT")
    if start < 0:
        return ""
    method = next((value for name, _more, value in _FIELD.findall(flat[:start]) if name.upper() == "METHOD"), "")
    fields: dict[str, str] = {}
    for name, more, value in _FIELD.findall(flat[start:]):
        if name.upper() == "END":
            break
        fields.setdefault(name.upper(), _moment(value, more) if name.upper().startswith("DT") else _plain(value))
    title = _TITLES.get(method.strip().upper(), "Приглашение на встречу")
    when = " – ".join(filter(None, (fields.get("DTSTART"), fields.get("DTEND"))))
    lines = [f"{title}: {clean_line(fields.get('SUMMARY', ''))}".rstrip(": ")]
    lines += [f"Когда: {when}"] if when else []
    lines += [f"Где: {clean_line(fields['LOCATION'])}"] if fields.get("LOCATION") else []
    lines += ["", fields["DESCRIPTION"]] if fields.get("DESCRIPTION") else []
    return clean_text("\n".join(lines))


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found.group(1) in "nN" else found.group(1), value)


def _moment(value: str, more: str) -> str:
    found = _MOMENT.match(value.strip())
    if not found:
        return clean_line(value)
    year, month, day, hour, minute, is_utc = found.groups()
    zone = _ZONE.search(more)
    named = "UTC" if is_utc else zone.group(1) if zone else ""
    return " ".join(filter(None, (f"{day}.{month}.{year}", f"{hour}:{minute}" if hour else "", named if hour else "")))

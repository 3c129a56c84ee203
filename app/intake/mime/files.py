"""Files of a letter: safe, unique names, and the parts that become files."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message

from app.file_names import safe_name, shortened
from app.intake.mime import parts
from app.intake.mime.headers import NO_SUBJECT, raw_value, subject
from app.intake.mime.letter import ParsedFile
from app.intake.mime.tree import children

_EXTENSIONS = {
    "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/bmp": "bmp", "image/tiff": "tif",
    "image/webp": "webp", "image/heic": "heic", "image/svg+xml": "svg", "application/pdf": "pdf", "text/plain": "txt",
    "text/html": "html", "text/csv": "csv", "text/calendar": "ics", "text/x-vcard": "vcf", "text/vcard": "vcf",
    "application/zip": "zip", "application/msword": "doc", "application/vnd.ms-excel": "xls", "audio/ogg": "ogg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx", "audio/mpeg": "mp3",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx", "video/mp4": "mp4",
    "application/json": "json", "application/xml": "xml", "text/xml": "xml", "application/rtf": "rtf",
    "application/pkcs7-signature": "p7s", "application/pgp-signature": "asc", "message/delivery-status": "txt",
    "application/ms-tnef": "dat", "application/x-pkcs7-signature": "p7s", "text/rfc822-headers": "txt",
}  # fmt: skip


@dataclass(frozen=True)
class LooseFile:
    """A file that was no part of its own: it came inside winmail.dat or in the text. The name is not yet safe."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""


def as_file(part: Message | LooseFile, taken: set[str], hint: str) -> ParsedFile:
    """The part as a file whose name is none of `taken`; the name is added there."""
    if isinstance(part, LooseFile):
        name = unique_name(_named(safe_name(part.name), part.content_type), taken)
        return ParsedFile(name, part.content_type, part.content, part.content_id)
    kind = parts.content_type(part)
    data = parts.content(part)
    wanted = safe_name(parts.file_name(part, hint))
    if kind == "message/rfc822":
        data = _attached_letter(part, data)
        wanted = wanted or safe_name(_title(part)) or "letter"
        wanted = wanted if wanted.lower().endswith(".eml") else shortened(f"{wanted}.eml")
    return ParsedFile(unique_name(_named(wanted, kind), taken), kind, data, parts.content_id(part))


def unique_name(name: str, taken: set[str]) -> str:
    """The name, or the name with a counter, compared without regard to case."""
    candidate, counter = name, 1
    while candidate.lower() in taken:
        counter += 1
        candidate = shortened(name, f" ({counter})")
    taken.add(candidate.lower())
    return candidate


def _named(wanted: str, kind: str) -> str:
    return wanted or f"{_stem(kind)}.{_EXTENSIONS.get(kind, 'bin')}"


def _stem(kind: str) -> str:
    main = kind.partition("/")[0]
    return main if main in ("image", "audio", "video", "text", "message") else "file"


def _title(part: Message) -> str:
    title = next((subject(inner, "") for inner in children(part)), NO_SUBJECT)
    return "" if title == NO_SUBJECT else title.replace("/", "-").replace("\\", "-")


def _attached_letter(part: Message, data: bytes) -> bytes:
    """An attached message that came in base64 all the same, though RFC 2046 §5.2.1 forbids it."""
    encoding = raw_value(part, "content-transfer-encoding").strip().lower()
    if encoding not in ("base64", "quoted-printable"):
        return data
    carrier = Message()
    carrier["Content-Transfer-Encoding"] = encoding
    carrier.set_payload(data.decode("ascii", "surrogateescape").strip())
    decoded = carrier.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) and decoded else data

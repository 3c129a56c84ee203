"""What a raw letter turns into: the nouns that the parser hands out, and their road through a pipe."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

ENCRYPTED, SIGNED = "encrypted", "signed"  # marks of a letter: it cannot be read; its signature was not verified
TOO_MUCH_MEMORY = "для разбора не хватает памяти"


class Unreadable(Exception):
    """A letter that cannot be parsed; the message says why. `is_final`: trying again cannot help."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final


@dataclass(frozen=True)
class Mailbox:
    """One address with the name that stood beside it."""

    email: str
    name: str = ""


@dataclass(frozen=True)
class ParsedFile:
    """One file of a letter. `content_id`: HTML may refer to it by `cid:`; `is_inline`: the letter's HTML does."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    is_inline: bool = False


@dataclass(frozen=True)
class Report:
    """What a multipart/report, or a text that looks like one, says of an earlier letter (RFC 3464)."""

    kind: str = ""
    action: str = ""
    status: str = ""
    recipients: list[str] = field(default_factory=list)
    message_ids: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ParsedLetter:
    """A letter, decoded: everything is clean text without CR, NUL or lone surrogates."""

    message_id: str
    from_email: str
    from_name: str
    subject: str
    text: str
    html: str
    body_hash: str
    date: str = ""
    has_message_id: bool = True
    in_reply_to: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    to: list[Mailbox] = field(default_factory=list)
    cc: list[Mailbox] = field(default_factory=list)
    reply_to: list[Mailbox] = field(default_factory=list)
    delivered_to: list[str] = field(default_factory=list)
    headers: dict[str, list[str]] = field(default_factory=dict)
    content_type: str = "text/plain"
    part_types: list[str] = field(default_factory=list)
    report: Report = field(default_factory=Report)
    files: list[ParsedFile] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)

    def header(self, name: str) -> str:
        """The first value of a kept header, or an empty string."""
        return next(iter(self.headers.get(name.lower(), [])), "")


def to_wire(letter: ParsedLetter) -> tuple[dict[str, Any], list[bytes]]:
    """The letter as JSON values, and apart from them the bytes of its files."""
    values = asdict(letter)
    contents = [file.pop("content") for file in values["files"]]
    return values, contents


def from_wire(values: dict[str, Any], contents: list[bytes]) -> ParsedLetter:
    """The inverse of `to_wire`."""
    values["files"] = [
        ParsedFile(content=content, **file) for file, content in zip(values["files"], contents, strict=True)
    ]
    for name in ("to", "cc", "reply_to"):
        values[name] = [Mailbox(**box) for box in values[name]]
    return ParsedLetter(**{**values, "report": Report(**values["report"])})

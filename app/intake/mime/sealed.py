"""S/MIME (RFC 8551): signed letters are opened, not verified; encrypted ones are noticed."""

from __future__ import annotations

from email.message import Message

from app.intake.mime import cms, parts
from app.intake.mime.headers import raw_value
from app.intake.mime.limits import check_boundary, check_headers, check_lines, header_block
from app.intake.mime.params import parameter
from app.intake.mime.tree import parsed, parts_within_limits

_PACKED = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
_NAMES = ("", "smime.p7m")  # a document signed by itself has a name of its own, and stays a file
_MOST_LAYERS = 4  # signed, within encrypted by a gateway that opened it, within signed: three are known


def opened_within_limits(message: Message) -> list[Message]:
    """Every part that is not a container, in order; what is packed as signed data has been put in its place."""
    leaves = parts_within_limits(message)
    for _layer in range(_MOST_LAYERS):
        if not sum(_open(leaf) for leaf in leaves if _is_packed(leaf)):  # each, not only the first
            break
        leaves = parts_within_limits(message)
    return leaves


def is_signature(part: Message) -> bool:
    """A signature that stands apart from what it signs."""
    return parts.content_type(part) in _SIGNATURES


def is_encrypted(part: Message) -> bool:
    """Is this part the encrypted letter itself?"""
    return _is_packed(part) and (
        parameter(raw_value(part, "content-type"), "smime-type").lower().endswith("enveloped-data")
        or cms.kind_of(parts.content(part)) == cms.ENVELOPED
    )


def _is_packed(part: Message) -> bool:
    name = parts.file_name(part, "").lower()
    if parts.content_type(part) == "application/octet-stream":
        return name == "smime.p7m"
    return parts.content_type(part) in _PACKED and name in _NAMES


def _open(part: Message) -> bool:
    """Put what was signed in the place of the packing; False where it cannot be read or is no letter."""
    raw = cms.signed_content(parts.content(part))
    if raw is None:
        return False
    check_headers(raw)
    check_lines(raw)
    check_boundary(raw, parameter(raw_value(parsed(header_block(raw) + b"\r\n\r\n"), "content-type"), "boundary"))
    inner = parsed(raw)
    if not raw_value(inner, "content-type"):
        return False
    del part["Content-Type"], part["Content-Transfer-Encoding"]
    part["Content-Type"] = "multipart/signed"
    part.set_payload([inner])
    return True

"""OpenPGP inside plain text (RFC 9580 §7): what is signed is read, what is encrypted is noticed."""

from __future__ import annotations

_ENCRYPTED = ("-----BEGIN PGP MESSAGE-----", "-----END PGP MESSAGE-----")
_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE, _END = "-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----"


def is_encrypted(text: str) -> bool:
    """Is there an encrypted block in the text?"""
    begin = text.find(_ENCRYPTED[0])
    return begin >= 0 and text.find(_ENCRYPTED[1], begin) >= 0


def signed_text(text: str) -> str:
    """The text with the armour of a signature taken off; empty where there is none, or no whole one."""
    begin = text.find(_SIGNED)
    body = text.find("\n\n", begin)  # after the lines that name the hash
    signature = text.find(_SIGNATURE, body)
    end = text.find(_END, signature)
    if min(begin, body, signature, end) < 0:
        return ""
    said = [line.removeprefix("- ") for line in text[body:signature].strip("\n").split("\n")]
    return "\n\n".join(filter(None, (text[:begin].strip("\n"), "\n".join(said), text[end + len(_END) :].strip("\n"))))

"""Whose chat it is: tied to a customer or to a member of staff by proof alone, and untied again.

Proofs: a start link that only its addressee was given, a code mailed to the address, a telephone number that Telegram
vouches for and that we had from a better source than a form. What somebody typed about themselves is no proof.
"""

from __future__ import annotations

from app.pairing.codes import check_code, code_is_waiting, mail_code
from app.pairing.start import Pairing, holds, person_link, read_start, staff_link, stamp, ticket_link, without_links
from app.pairing.ties import (
    chats_of_person,
    chats_of_staff,
    confirm_phone,
    lose_proof,
    owner_of,
    pair_person,
    pair_staff,
    person_of,
    staff_of,
    unfollow,
    unpair,
    unpair_person,
    unpair_staff,
)
from app.pairing.undo import chat_to_undo, undo_link
from app.pairing.wishes import Wish, wants

__all__ = [
    "Pairing",
    "Wish",
    "chat_to_undo",
    "chats_of_person",
    "chats_of_staff",
    "check_code",
    "code_is_waiting",
    "confirm_phone",
    "holds",
    "lose_proof",
    "mail_code",
    "owner_of",
    "pair_person",
    "pair_staff",
    "person_link",
    "person_of",
    "read_start",
    "staff_link",
    "staff_of",
    "stamp",
    "ticket_link",
    "undo_link",
    "unfollow",
    "unpair",
    "unpair_person",
    "unpair_staff",
    "wants",
    "without_links",
]

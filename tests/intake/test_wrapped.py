"""Letters inside other wrappings: winmail.dat, S/MIME, OpenPGP, uuencode, calendars, cid pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.intake.mime import cms, rtf, tnef
from app.intake.mime.letter import ENCRYPTED, SIGNED, Unreadable
from app.intake.mime.parse import parse
from tests.intake import wrapping as w
from tests.intake.samples import letter, multipart, text_part

REAL = Path(__file__).with_name("hostile")  # as OpenSSL 3.0 writes them
PDF = b"%PDF-"
INNER = multipart(
    text_part("Касса не печатает.".encode()),
    b"Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=chek.pdf\r\n\r\n%PDF-\r\n",
)


@pytest.mark.parametrize("name", ["opaque", "opaque_in_pieces", "detached", "signed_twice"])
def test_a_signed_letter_is_opened_and_said_to_be_unverified(name: str) -> None:
    parsed = parse((REAL / f"{name}.eml").read_bytes())
    assert parsed.text == "Касса не печатает."
    assert [(file.name, file.content) for file in parsed.files] == [("chek.pdf", PDF)]
    assert parsed.marks == [SIGNED]


def test_an_encrypted_letter_is_noticed_and_kept() -> None:
    parsed = parse((REAL / "encrypted.eml").read_bytes())
    assert (parsed.text, parsed.marks, [file.name for file in parsed.files]) == ("", [ENCRYPTED], ["smime.p7m"])


def test_every_cut_of_a_signed_letter_ends_well() -> None:
    data = w.signed_data(INNER)
    assert parse(w.packed(data)).text == "Касса не печатает."
    for end in range(len(data)):
        assert cms.signed_content(data[:end]) is None
        assert [file.content for file in parse(w.packed(data[:end])).files] == [data[:end]]


def test_a_signed_document_stays_a_document() -> None:
    data = w.signed_data(b"%PDF-1.7 a contract")
    raw = multipart(
        text_part(b"see file"), w.part(data, b"Content-Type: application/pkcs7-mime; name=contract.pdf.p7m")
    )
    assert [(file.name, file.content) for file in parse(raw).files] == [("contract.pdf.p7m", data)]


def test_layer_upon_layer_is_opened_four_times_then_it_is_enough() -> None:
    layers = INNER
    for _ in range(8):
        layers = w.packed(w.signed_data(layers))
    assert [file.name for file in parse(layers).files] == ["smime.p7m"]


@pytest.mark.trust("M13")
def test_a_bomb_inside_a_signed_letter_is_one_too() -> None:
    bomb = multipart(*[text_part(b"x")] * 700)
    with pytest.raises(Unreadable, match="частей"):
        parse(w.packed(w.signed_data(bomb)))


PGP = [
    (
        "pgp/mime encrypted",
        multipart(
            b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n",
            b"Content-Type: application/octet-stream; name=encrypted.asc\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n",
            kind=b"encrypted",
        ),
        ("", [ENCRYPTED], ["encrypted.asc"]),
    ),
    (
        "pgp/mime signed",
        multipart(
            text_part(b"words"),
            b"Content-Type: application/pgp-signature; name=signature.asc\r\n\r\nxx\r\n",
            kind=b"signed",
        ),
        ("words", [SIGNED], []),
    ),
    (
        "encrypted inline",
        letter(body=b"-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n"),
        ("-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----", [ENCRYPTED], []),
    ),
    (
        "signed inline",
        letter(
            body=b"-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\nwords\r\n- -- \r\nCarol\r\n"
            b"-----BEGIN PGP SIGNATURE-----\r\n\r\niQ\r\n-----END PGP SIGNATURE-----\r\n-- \r\na list\r\n"
        ),
        ("words\n--\nCarol\n\n--\na list", [SIGNED], []),
    ),
    (
        "a file hidden as a signature's neighbour",
        multipart(text_part(b"words"), b"Content-Type: application/zip; name=a.zip\r\n\r\nPK\r\n", kind=b"signed"),
        ("words", [SIGNED], ["a.zip"]),
    ),
]


@pytest.mark.parametrize(("raw", "found"), [case[1:] for case in PGP], ids=[case[0] for case in PGP])
def test_openpgp_is_read_or_noticed(raw: bytes, found: tuple[str, list[str], list[str]]) -> None:
    parsed = parse(raw)
    assert (parsed.text, parsed.marks, [file.name for file in parsed.files]) == found


def test_winmail_is_unpacked() -> None:
    picture = w.tnef_file(
        "логотип.png", b"\x89PNG", w.text_property(0x3712, "logo@x"), w.text_property(0x370E, "image/png")
    )
    data = w.tnef(
        w.text_property(0x1000, "Касса не печатает."),
        w.property_of(0x1013, w.BINARY, '<p>Касса</p><img src="cid:logo@x">'.encode("cp1251")),
        w.property_of(0x3FDE, w.LONG, (1251).to_bytes(4, "little")),
        files=[w.tnef_file("счёт.pdf", PDF), picture],
    )
    parsed = parse(w.winmail(data))
    assert parsed.text == "Касса не печатает."
    assert "<p>Касса</p>" in parsed.html
    assert [(file.name, file.content, file.content_type, file.is_inline) for file in parsed.files] == [
        ("счёт.pdf", PDF, "application/octet-stream", False),
        ("логотип.png", b"\x89PNG", "image/png", True),
    ]


def test_winmail_adds_nothing_to_words_that_are_there() -> None:
    parsed = parse(w.winmail(w.tnef(w.text_property(0x1000, "the same words")), b"the same words"))
    assert (parsed.text, parsed.files) == ("the same words", [])


RTF_HEAD = rb"{\rtf1\ansi\ansicpg1251"
SAID = rb"\'ca\'e0\'f1\'f1\'e0"
RTF = [
    ("plain", RTF_HEAD + rb"{\fonttbl{\f0 Arial;}}\f0 " + SAID + rb"\par \u1089?\u1090?\u1086?\u1080?\u1090?}"),
    (
        "made from HTML",
        RTF_HEAD
        + rb"\fromhtml1{\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}\htmlrtf \par\htmlrtf0 "
        + SAID
        + rb"{\*\htmltag72 </p><p>}\u1089?\u1090?\u1086?\u1080?\u1090?{\*\htmltag72 </p>}}",
    ),
]


@pytest.mark.parametrize("source", [source for _name, source in RTF], ids=[name for name, _source in RTF])
def test_words_that_are_rtf_alone_are_read(source: bytes) -> None:
    parsed = parse(w.winmail(w.tnef(w.property_of(0x1009, w.BINARY, w.compressed_rtf(source)))))
    assert parsed.text.split() == ["Касса", "стоит"]
    assert parsed.files == []


PACKED = [  # the two samples of MS-OXRTFCP §4
    (
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0",
        b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n",
    ),
    ("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0", b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"),
]


@pytest.mark.parametrize(("packed", "source"), PACKED)
def test_compressed_rtf_is_unpacked_as_the_standard_says(packed: str, source: bytes) -> None:
    assert rtf._unpacked(bytes.fromhex(packed)) == source


def test_a_letter_inside_winmail_becomes_files() -> None:
    inner = w.tnef(
        w.text_property(0x0037, "Старое письмо"),
        w.text_property(0x1000, "слова"),
        files=[w.tnef_file("a.txt", b"1")],
    )
    parsed = parse(w.winmail(w.tnef(files=[w.tnef_letter("x", inner)]), b"see inside"))
    assert [(file.name, file.content) for file in parsed.files] == [
        ("Старое письмо.txt", "слова".encode()),
        ("a.txt", b"1"),
    ]


def test_every_damage_to_winmail_ends_well() -> None:
    data = w.tnef(w.text_property(0x1000, "слова"), files=[w.tnef_file("a.txt", b"1234")])
    for end in range(len(data) - 2):
        opened = tnef.read(data[:end])
        assert opened is None or not opened.files or opened.files[0].content in {b"", b"1234"}
    for at in range(len(data)):
        tnef.read(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
    broken = parse(w.winmail(data[:-30], b"words"))
    assert [(file.name, file.content) for file in broken.files] == [("winmail.dat", data[:-30])]
    cut = parse(w.winmail(data[:-1], b"words"))
    assert [file.name for file in cut.files] == ["a.txt", "winmail.dat"]  # perhaps there was more


UU = [
    ("a block", b"before\r\n" + w.uuencoded("log", b"x" * 100) + b"after\r\n", "before\nafter", {"log": b"x" * 100}),
    ("two", w.uuencoded("a", b"1") + w.uuencoded("b", b"2"), "", {"a": b"1", "b": b"2"}),
    ("a path", w.uuencoded("../../etc/passwd", b"1"), "", {"passwd": b"1"}),
    ("no end", b"begin 644 a\r\n#86)C\r\n", "begin 644 a\n#86)C", {}),
    ("no data", b"begin 644 a\r\nend\r\n", "begin 644 a\nend", {}),
    ("words", b"begin 644 times\r\nand then the end\r\nend\r\n", "begin 644 times\nand then the end\nend", {}),
    ("a megabyte", w.uuencoded("big", b"x" * 1_000_000) + b"words", "words", {"big": b"x" * 1_000_000}),
]


@pytest.mark.parametrize(("body", "text", "files"), [case[1:] for case in UU], ids=[case[0] for case in UU])
def test_uuencoded_blocks_become_files(body: bytes, text: str, files: dict[str, bytes]) -> None:
    parsed = parse(letter(body=body))
    assert (parsed.text, {file.name: file.content for file in parsed.files}) == (text, files)


INVITATION = (
    "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Замена сервера\\, часть 2\r\n"
    "DTSTART;TZID=Europe/Moscow:20261201T100000\r\nDTEND;TZID=Europe/Moscow:20261201T113000\r\nLOCATION:Офис\r\n"
    "DESCRIPTION:Возьмите\r\n  ключи\\nи пропуск\r\nBEGIN:VALARM\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
).encode()


def test_an_invitation_without_words_says_when_and_where() -> None:
    parsed = parse(letter(b"Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n", INVITATION))
    assert parsed.text.split("\n") == [
        "Приглашение на встречу: Замена сервера, часть 2",
        "Когда: 01.12.2026 10:00 Europe/Moscow – 01.12.2026 11:30 Europe/Moscow",
        "Где: Офис",
        "",
        "Возьмите ключи",
        "и пропуск",
    ]
    assert [(file.name, file.content) for file in parsed.files] == [("text.ics", INVITATION)]


def test_an_invitation_with_words_keeps_them() -> None:
    parsed = parse(
        multipart(text_part(b"words"), b"Content-Type: text/calendar\r\n\r\n" + INVITATION, kind=b"alternative")
    )
    assert (parsed.text, len(parsed.files)) == ("words", 1)


def test_a_picture_is_inline_when_the_html_shows_it() -> None:
    pictures = [
        b"Content-Type: image/png\r\nContent-Disposition: attachment\r\nContent-ID: <" + name + b"@x>\r\n\r\nx\r\n"
        for name in (b"a%20", b"b")
    ]
    markup = text_part(b'<p>see <img src="cid:a%2520@x"></p>', b"Content-Type: text/html\r\n")
    files = parse(multipart(markup, *pictures, kind=b"related")).files
    assert [(file.content_id, file.is_inline) for file in files] == [("a%20@x", True), ("b@x", False)]

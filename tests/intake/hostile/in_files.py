"""Letters that are hostile by their files."""

from __future__ import annotations

import base64
import struct
import zlib

from app.intake.mime.letter import ENCRYPTED, SIGNED
from tests.intake import wrapping as w
from tests.intake.hostile.letter import Hostile
from tests.intake.samples import attachment, letter, multipart, text_part

ZIP_BOMB = b"PK\x03\x04" + zlib.compress(bytes(10_000_000))
HUGE_PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 50_000, 50_000) + b"\x08\x02\0\0\0\0\0\0\0"
ENDLESS_BER = b"\x30\x80" * 5000
WORDS = text_part(b"words")


def named(name: bytes) -> bytes:
    return attachment(b"filename=" + name)


def packed_file(content: bytes, kind: bytes) -> bytes:
    return multipart(WORDS, w.part(content, b"Content-Type: " + kind))


LETTERS = [
    Hostile("a path", named(b'"../../../etc/cron.d/x"'), file_names=["x"]),
    Hostile("a path of Windows", named(b'"..\\\\..\\\\boot.ini"'), file_names=["boot.ini"]),
    Hostile("an encoded path", attachment(b"filename*=utf-8''%2e%2e%2f%2e%2e%2fx.py"), file_names=["x.py"]),
    Hostile("a NUL before the ending", attachment(b"filename*=utf-8''a.php%00.png"), file_names=["a.php.png"]),
    Hostile(
        "line ends in the name",
        attachment(b"filename*=utf-8''a%0D%0ASet-Cookie:%20x.txt"),
        file_names=["a Set-Cookie_ x.txt"],
    ),
    Hostile("quotes in the name", named(b'"a\\";x=\\"b.txt"'), file_names=["a_;x=_b.txt"]),
    Hostile(
        "hidden and active names",
        multipart(
            WORDS,
            *[
                b"Content-Disposition: attachment; filename=%s\r\n\r\nx\r\n" % name
                for name in (b".htaccess", b"a.phtml", b"a.py", b"a.pht")
            ],
        ),
        file_names=["htaccess", "a.phtml", "a.py", "a.pht"],
    ),
    Hostile(
        "a direction in the name", attachment(b"filename*=utf-8''%E2%80%AEgpj.exe%E2%80%8B"), file_names=["gpj.exe"]
    ),
    Hostile("many spaces before the ending", named(b'"a.pdf' + b" " * 200 + b'.exe"'), file_names=["a.pdf .exe"]),
    Hostile(
        "a name of markup",
        named(b'"<img src=x onerror=alert(1)>.png"'),
        file_names=["_img src=x onerror=alert(1)_.png"],
    ),
    Hostile("a name of a kilobyte", named(b'"' + "я".encode() * 1000 + b'.pdf"'), file_names=["я" * 146 + ".pdf"]),
    Hostile("pieces of a name that are missing", attachment(b"filename*0=a; filename*7=b.txt"), file_names=["ab.txt"]),
    Hostile("a name in an unknown charset", attachment(b"filename*=x-none''%D0%BA.txt"), file_names=["к.txt"]),
    Hostile(
        "a hundred files of one name",
        multipart(WORDS, *[b"Content-Disposition: attachment; filename=a.txt\r\n\r\nx\r\n"] * 100),
        file_names=["a.txt", *(f"a ({number}).txt" for number in range(2, 101))],
    ),
    Hostile(
        "an archive that is a bomb", packed_file(ZIP_BOMB, b"application/zip; name=a.zip"), files={"a.zip": ZIP_BOMB}
    ),
    Hostile(
        "a picture that is a bomb", packed_file(HUGE_PICTURE, b"image/png; name=a.png"), files={"a.png": HUGE_PICTURE}
    ),
    Hostile(
        "a picture that is a script",
        multipart(WORDS, b"Content-Type: image/svg+xml; name=a.svg\r\n\r\n<svg onload=alert(1)>\r\n"),
        file_names=["a.svg"],
    ),
    Hostile(
        "a type with a line end",
        multipart(
            WORDS, b"Content-Type: image/png\r\n\t\r\n x; name=a.png\r\nContent-Disposition: attachment\r\n\r\nx\r\n"
        ),
        text="words",
    ),
    Hostile(
        "an id of a picture that is a script",
        multipart(WORDS, b'Content-Type: image/png\r\nContent-ID: <"><script>@x>\r\n\r\nx\r\n'),
        file_names=["image.png"],
    ),
    Hostile(
        "winmail.dat that is none",
        w.winmail(b"\x78\x9f\x3e\x22" + b"\xff" * 100, b"words"),
        text="words",
        file_names=["winmail.dat"],
    ),
    Hostile(
        "winmail.dat that promises four gigabytes",
        w.winmail(b"\x78\x9f\x3e\x22\1\0\1" + b"\x0c\x80\0\0\xff\xff\xff\xff", b"words"),
        file_names=["winmail.dat"],
    ),
    Hostile(
        "winmail.dat of a thousand files",
        w.winmail(w.tnef(files=[w.tnef_file("a", b"x")] * 1000), b"words"),
        file_names=["winmail.dat"],
    ),
    Hostile(
        "winmail.dat within winmail.dat",
        w.winmail(
            w.tnef(
                files=[
                    w.tnef_letter("a", w.tnef(files=[w.tnef_letter("b", w.tnef(files=[w.tnef_letter("c", w.tnef())]))]))
                ]
            ),
            b"words",
        ),
        file_names=["winmail.dat"],
    ),
    Hostile(
        "paths in winmail.dat",
        w.winmail(w.tnef(files=[w.tnef_file("..\\..\\a.exe", b"x")]), b"words"),
        files={"a.exe": b"x"},
    ),
    Hostile(
        "rich text that promises four gigabytes",
        w.winmail(
            w.tnef(
                w.property_of(
                    0x1009, w.BINARY, struct.pack("<II4sI", 9, 0xFFFFFFFF, b"LZFu", 0) + b"\xff\x0c\xdf" * 20_000
                )
            )
        ),
        file_names=["winmail.dat"],
    ),
    Hostile("signed data of rubbish", w.packed(b"\x30\x82\xff\xff" + b"\0" * 100), text="", file_names=["smime.p7m"]),
    Hostile("signed data without end", w.packed(ENDLESS_BER), text="", files={"smime.p7m": ENDLESS_BER}),
    Hostile(
        "a bomb of parts in signed data",
        w.packed(w.signed_data(multipart(*[b"\r\nx\r\n"] * 5000))),
        refused="слишком много частей",
    ),
    Hostile(
        "encrypted data that is empty",
        w.packed(w.cms(w.ENVELOPED_DATA, w.der(0x30)), b"enveloped-data"),
        text="",
        file_names=["smime.p7m"],
        marks=[ENCRYPTED],
    ),
    Hostile(
        "a file hidden as a signature",
        multipart(WORDS, b"Content-Type: application/x-msdownload; name=a.exe\r\n\r\nMZ\r\n", kind=b"signed"),
        file_names=["a.exe"],
        marks=[SIGNED],
    ),
    Hostile(
        "a path in a uuencoded block", letter(body=w.uuencoded("../../x.sh", b"id")), text="", files={"x.sh": b"id"}
    ),
    Hostile("a thousand uuencoded blocks", letter(body=w.uuencoded("a", b"x") * 1000), says="begin 644 a"),
    Hostile(
        "an invitation of a megabyte",
        multipart(b"Content-Type: text/calendar\r\n\r\nBEGIN:VEVENT\r\n" + b"SUMMARY;" * 130_000 + b"\r\n"),
        text="Приглашение на встречу",
        file_names=["text.ics"],
    ),
    Hostile(
        "base64 of a picture that is cut",
        attachment(b"filename=a.png\r\nContent-Transfer-Encoding: base64", base64.b64encode(HUGE_PICTURE)[:-3]),
        file_names=["a.png"],
    ),
]

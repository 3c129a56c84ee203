"""Letters that are hostile by how their parts lie together."""

from __future__ import annotations

from tests.intake.hostile.letter import Hostile
from tests.intake.samples import FROM, letter, multipart, text_part

MIXED = b"Content-Type: multipart/mixed; boundary="
RICH = b"Content-Type: text/html\r\n"


def deep(layers: int) -> bytes:
    opened = [MIXED + b"b%d\r\n\r\n--b%d\r\n" % (layer, layer) for layer in range(layers)]
    return FROM + b"".join(opened) + b"\r\nwords\r\n"


def within(layers: int) -> bytes:
    return letter(b"Content-Type: message/rfc822\r\n\r\n" * layers, b"words\r\n")


LETTERS = [
    Hostile("containers 29 deep", deep(29), text="words"),
    Hostile("containers 31 deep", deep(31), refused="вложены"),
    Hostile("containers 5000 deep", deep(5000), refused="вложены"),
    Hostile("letters within letters, 20", within(20), file_names=["letter.eml"]),
    Hostile("letters within letters, 3000", within(3000), refused="вложены"),
    Hostile(
        "three hundred parts",
        multipart(*[b"Content-Type: image/png\r\n\r\nx\r\n"] * 298, text_part(b"words")),
        text="words",
    ),
    Hostile("ten thousand parts", multipart(*[b"\r\nx\r\n"] * 10_000), refused="слишком много частей"),
    Hostile(
        "ten thousand parts of a container inside",
        multipart(MIXED + b"in\r\n\r\n" + b"--in\r\n\r\nx\r\n" * 10_000),
        refused="слишком много частей",
    ),
    Hostile(
        "a header of a part without end",
        multipart(b"X: " + b"y" * 100_000 + b"\r\n\r\nx\r\n"),
        refused="заголовок одной из частей",
    ),
    Hostile("an empty boundary", letter(MIXED + b'""\r\n', b"--\r\n\r\nwords\r\n----\r\n"), text="words"),
    Hostile(
        "a boundary that is a pattern",
        letter(MIXED + b'"(a+)+$"\r\n', b"--(a+)+$\r\n\r\nwords\r\n--(a+)+$--\r\n"),
        text="words",
    ),
    Hostile(
        "a boundary of a kilobyte",
        letter(MIXED + b"b" * 1000 + b"\r\n", b"--" + b"b" * 1000 + b"\r\n\r\nwords\r\n"),
        text="words",
    ),
    Hostile(
        "a boundary that begins another",
        letter(
            MIXED + b"a\r\n", b"--a\r\n" + MIXED + b"ab\r\n\r\n--ab\r\n\r\none\r\n--ab--\r\n--a\r\n\r\ntwo\r\n--a--\r\n"
        ),
        text="one\n\ntwo",
    ),
    Hostile(
        "the same boundary inside",
        letter(MIXED + b"a\r\n", b"--a\r\n" + MIXED + b"a\r\n\r\n--a\r\n\r\nwords\r\n--a--\r\n"),
        text="words",
    ),
    Hostile("a boundary without its end", letter(MIXED + b"a\r\n", b"--a\r\n\r\nwords\r\n"), text="words"),
    Hostile(
        "words before and after the parts",
        letter(MIXED + b"a\r\n", b"before\r\n--a\r\n\r\nwords\r\n--a--\r\nafter\r\n"),
        text="words",
    ),
    Hostile("no parts at all", letter(MIXED + b"a\r\n", b"--a--\r\n"), file_names=[]),
    Hostile(
        "a container in base64",
        letter(MIXED + b"a\r\nContent-Transfer-Encoding: base64\r\n", b"--a\r\n\r\nwords\r\n--a--\r\n"),
        text="words",
    ),
    Hostile(
        "two content types", letter(b"Content-Type: text/plain\r\n" + RICH, b"<b>words</b>\r\n"), text="<b>words</b>"
    ),
    Hostile("a content type of rubbish", letter(b'Content-Type: ;;;="/\r\n', b"words\r\n"), text="words"),
    Hostile(
        "words as an attachment",
        letter(b"Content-Disposition: attachment; filename=a.txt\r\n", b"words\r\n"),
        text="",
        files={"a.txt": b"words\r\n"},
    ),
    Hostile(
        "half a letter",
        letter(b"Content-Type: message/partial; id=x; number=1; total=2\r\n"),
        text="",
        file_names=["message.bin"],
    ),
    Hostile(
        "a body that lies elsewhere",
        letter(
            b'Content-Type: message/external-body; access-type=URL; URL="http://evil.ru/x"\r\n',
            b"Content-Type: text/plain\r\n\r\n",
        ),
        text="",
        file_names=["message.bin"],
    ),
    Hostile(
        "the version that nobody asked for",
        multipart(
            text_part(b"words"),
            text_part(b"<p>words", RICH),
            b"Content-Type: text/x-amp-html\r\n\r\n<b>x\r\n",
            kind=b"alternative",
        ),
        text="words",
        files={},
    ),
    Hostile(
        "a report of rubbish",
        letter(
            b"Content-Type: multipart/report; report-type=delivery-status; boundary=a\r\n",
            b"--a\r\nContent-Type: message/delivery-status\r\n\r\nAction: \xff\0\r\nStatus: 9.9\r\n--a--\r\n",
        ),
        text="",
    ),
]

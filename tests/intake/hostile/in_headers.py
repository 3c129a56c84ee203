"""Letters that are hostile by their headers."""

from __future__ import annotations

from tests.intake.hostile.letter import Hostile
from tests.intake.samples import letter, subject, word

CAROL = "carol@romashka.ru"
WORDS = b"\r\nwords\r\n"

LETTERS = [
    Hostile(
        "a line end inside an encoded subject",
        subject(b"=?utf-8?q?Hi=0D=0ABcc:_victim@bank.ru?="),
        subject="Hi Bcc: victim@bank.ru",
    ),
    Hostile("NUL and bells in the subject", subject(b"=?utf-8?q?a=00b=07c=1B[31m?="), subject="abc[31m"),
    Hostile("a direction changed in the subject", subject(word("чек\u202egpj.exe")), subject="чекgpj.exe"),
    Hostile("a subject of fifty kilobytes", subject(b"x" * 50_000), subject="x" * 250),
    Hostile("a subject of a megabyte", subject(b"x" * 1_000_000), refused="заголовок слишком длинный"),
    Hostile("words of base64 that are none", subject(b"=?utf-8?b?====?= =?utf-8?b?!?="), subject="=?utf-8?b?!?="),
    Hostile("a thousand openings of words", subject(b"=?a?q?" * 1000), text="hello"),
    Hostile("an encoded word in an unknown charset", subject(b"=?x-none?b?0JrQsNGB0YHQsA==?="), subject="Касса"),
    Hostile(
        "another address as the name",
        b'From: "boss@bank.ru" <mallory@evil.ru>\r\n' + WORDS,
        sender=("mallory@evil.ru", "boss@bank.ru"),
    ),
    Hostile(
        "an encoded address as the name",
        b"From: =?utf-8?q?boss=40bank.ru?= <mallory@evil.ru>\r\n" + WORDS,
        sender=("mallory@evil.ru", "boss@bank.ru"),
    ),
    Hostile(
        "an encoded line end in the name",
        b"From: =?utf-8?q?a=0D=0ATo:_x@y.ru?= <carol@romashka.ru>\r\n" + WORDS,
        sender=(CAROL, "a To: x@y.ru"),
    ),
    Hostile(
        "a colon in an encoded name",
        b"From: =?utf-8?q?=D0=9E:_x?= <carol@romashka.ru>\r\n" + WORDS,
        sender=(CAROL, "О: x"),
    ),
    Hostile(
        "a comma and a bracket in an encoded name",
        b"From: =?utf-8?q?x,_(y<z?= <carol@romashka.ru>\r\n" + WORDS,
        sender=(CAROL, "x, (y<z"),
    ),
    Hostile(
        "two senders in one header",
        b"From: mallory@evil.ru, carol@romashka.ru\r\n" + WORDS,
        sender=("mallory@evil.ru", ""),
    ),
    Hostile(
        "two headers of the sender",
        b"From: mallory@evil.ru\r\nFrom: carol@romashka.ru\r\n" + WORDS,
        sender=("mallory@evil.ru", ""),
    ),
    Hostile("no sender", b"Subject: x\r\n" + WORDS, sender=("", ""), text="words"),
    Hostile(
        "a sender that is no address", b"From: <<>>,@;:\r\nSender: carol@romashka.ru\r\n" + WORDS, sender=(CAROL, "")
    ),
    Hostile(
        "brackets without end", b"From: " + b"<(" * 20_000 + b"\r\n" + WORDS, sender=("", "<(" * 100), text="words"
    ),
    Hostile("a comment within a comment", b"From: (a(b)c) carol@romashka.ru (d\r\n" + WORDS, sender=(CAROL, "abcd")),
    Hostile(
        "a group of nobody", b"From: undisclosed:;\r\nReturn-Path: <carol@romashka.ru>\r\n" + WORDS, sender=(CAROL, "")
    ),
    Hostile(
        "an address of a thousand characters",
        b"From: " + b"a" * 990 + b"@romashka.ru\r\nSender: carol@romashka.ru\r\n" + WORDS,
        sender=(CAROL, ""),
    ),
    Hostile("a shell in the address", b"From: `id`|x@romashka.ru;$(id)\r\n" + WORDS, sender=("`id`|x@romashka.ru", "")),
    Hostile(
        "a line without a colon among the headers",
        b"From: carol@romashka.ru\r\nnonsense\r\n\r\nwords\r\n",
        text="nonsense\n\nwords",
    ),
    Hostile(
        "a header that begins with a colon",
        b"From: carol@romashka.ru\r\n: x\r\nSubject: y\r\n" + WORDS,
        sender=(CAROL, ""),
    ),
    Hostile("a continued line before any header", b" x\r\nFrom: carol@romashka.ru\r\n" + WORDS),
    Hostile("eight bits in the name of a header", letter("Тема: x\r\n".encode()), sender=(CAROL, "")),
    Hostile(
        "a hundred kilobytes of received lines",
        letter(b"Received: from x by y; z\r\n" * 4000),
        refused="заголовок слишком длинный",
    ),
    Hostile("a header of one character ten thousand times", letter(b"X:\r\n" * 10_000), text="hello"),
    Hostile(
        "ids without end",
        letter(b"Message-ID: " + b"<" * 10_000 + b"\r\nReferences: " + b"<a@b>" * 8000 + b"\r\n"),
        text="hello",
    ),
]

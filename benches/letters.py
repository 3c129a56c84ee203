"""Letters as customers write them: text and HTML, a signature, every tenth with a photograph of 200 kB."""

from __future__ import annotations

import base64
import random
import time
import uuid

FILE_EVERY, FILE_BYTES = 10, 200_000
_TROUBLES = (
    "Не печатает принтер в кабинете {}, мигает красная лампа.",
    "Касса {} не пробивает чеки, пишет «нет связи с ФН».",
    "1С на рабочем месте {} открывается и сразу закрывается.",
    "Пропал интернет в кабинете {}, телефоны тоже молчат.",
)
_SIGNATURE = "--\r\nС уважением,\r\nОльга Петрова\r\nбухгалтер, тел. 8 (812) 555-01-01"


def write(serial: int) -> tuple[str, bytes]:
    """The author's address and the letter; no author writes twice, so that no cap holds a notice back."""
    author = f"user{serial}-{uuid.uuid4().hex[:6]}@client{serial % 150:03}.example"
    words = random.choice(_TROUBLES).format(serial)
    text = f"Здравствуйте!\r\n\r\n{words}\r\nПомогите, пожалуйста.\r\n\r\n{_SIGNATURE}\r\n"
    html = (
        f"<html><body><p>Здравствуйте!</p><p>{words}<br>Помогите, пожалуйста.</p><hr><p>Ольга Петрова</p></body></html>"
    )
    parts = [_part("text/plain", text), _part("text/html", html)]
    letter = _multipart("alternative", parts)
    if serial % FILE_EVERY == 0:
        letter = _multipart("mixed", [letter, _photograph()])
    head = (
        f"From: =?utf-8?b?0J7Qu9GM0LPQsCDQn9C10YLRgNC+0LLQsA==?= <{author}>\r\nTo: <info@stekspb.ru>\r\n"
        f"Subject: =?utf-8?b?0J3QtSDRgNCw0LHQvtGC0LDQtdGC?= {serial}\r\n"
        f"Message-ID: <{uuid.uuid4().hex}@client.example>\r\n"
        f"Date: {time.strftime('%a, %d %b %Y %H:%M:%S +0000', time.gmtime())}\r\nMIME-Version: 1.0\r\n"
    )
    return author, (head + letter).encode()


def _part(kind: str, text: str) -> str:
    body = base64.encodebytes(text.encode()).decode().replace("\n", "\r\n")
    return f"Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}"


def _photograph() -> str:
    body = base64.encodebytes(b"\xff\xd8\xff\xe0" + random.randbytes(FILE_BYTES)).decode().replace("\n", "\r\n")
    return (
        'Content-Type: image/jpeg; name="photo.jpg"\r\nContent-Disposition: attachment; filename="photo.jpg"\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{body}"
    )


def _multipart(kind: str, parts: list[str]) -> str:
    mark = uuid.uuid4().hex
    inner = "".join(f"--{mark}\r\n{part}\r\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{mark}"\r\n\r\n{inner}--{mark}--\r\n'

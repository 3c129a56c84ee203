"""Attributes and MAPI properties as TNEF writes them (MS-OXTNEF §2.1, §2.2), read within bounds."""

from __future__ import annotations

from app.intake.mime.charset import codec_name, decode

_MANY_VALUES, _NAMED = 0x1000, 0x8000
_SIZES = {0x02: 2, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 2, 0x14: 8, 0x40: 8, 0x48: 16}
_BYTES_OR_OBJECT, _STRING, _UNICODE = (0x0000, 0x000D, 0x0102), 0x001E, 0x001F
_MOST_PROPERTIES = 5000
_CHECKSUM = 2  # bytes


class Damaged(ValueError):
    """The bytes end too early or make no sense."""


class Reader:
    """Little-endian values one after the other."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self._data = data
        self._at = at
        self.is_whole = True

    def left(self) -> int:
        return len(self._data) - self._at

    def taken(self, size: int) -> bytes:
        if size > self.left():
            raise Damaged(f"{size} bytes wanted, {self.left()} left")
        self._at += size
        return self._data[self._at - size : self._at]

    def number(self, size: int) -> int:
        return int.from_bytes(self.taken(size), "little")

    def padded(self, size: int) -> bytes:
        """So many bytes, and what fills them up to a multiple of four."""
        value = self.taken(size)
        self.taken(min(-size % 4, self.left()))
        return value

    def attribute(self) -> tuple[int, bytes]:
        """Level, name, type, length, value, checksum: the name and the value of it. Wrong checksums are common."""
        level, name, _type = self.number(1), self.number(2), self.number(2)
        if level not in (1, 2):
            raise Damaged(f"level {level}")
        value = self.taken(self.number(4))
        self.is_whole = self.left() >= _CHECKSUM
        self.taken(min(_CHECKSUM, self.left()))
        return name, value


def decoded(value: bytes, page: str) -> str:
    """Text in the code page that the file names: unlike in letters, there it is the one that was used."""
    try:
        return value.decode(codec_name(page) or "utf-8")
    except (UnicodeError, ValueError):
        return decode(value, page)


def properties(data: bytes, page: str) -> dict[int, bytes | str]:
    """Values by the number of the property; those with names, several values or no use to us are passed over."""
    reader = Reader(data)
    found: dict[int, bytes | str] = {}
    count = reader.number(4)
    if count > _MOST_PROPERTIES:
        raise Damaged(f"{count} properties")
    for _ in range(count):
        kind, name = reader.number(2), reader.number(2)
        if name >= _NAMED:
            _pass_name(reader)
        values = _values(reader, kind, page)
        if name < _NAMED and len(values) == 1:
            found[name] = values[0]
    return found


def _pass_name(reader: Reader) -> None:
    reader.taken(16)
    if reader.number(4) == 0:
        reader.taken(4)
    else:
        reader.padded(reader.number(4))


def _values(reader: Reader, kind: int, page: str) -> list[bytes | str]:
    has_many, kind = bool(kind & _MANY_VALUES), kind & ~_MANY_VALUES
    if size := _SIZES.get(kind):
        count = reader.number(4) if has_many else 1
        packed = reader.padded(count * size)
        return [packed] if not has_many else []
    if kind not in (*_BYTES_OR_OBJECT, _STRING, _UNICODE):
        raise Damaged(f"a property of type {kind:#x}")
    count = reader.number(4)
    if count > _MOST_PROPERTIES:
        raise Damaged(f"{count} values")
    values = [reader.padded(reader.number(4)) for _ in range(count)]
    return [_typed(value, kind, page) for value in values]


def _typed(value: bytes, kind: int, page: str) -> bytes | str:
    if kind == _UNICODE:
        return value.decode("utf-16-le", "replace").rstrip("\0")
    return decoded(value.rstrip(b"\0"), page) if kind == _STRING else value

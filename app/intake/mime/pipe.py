"""Blocks of bytes over a pipe: eight bytes of length, then the block."""

from __future__ import annotations

from typing import IO

_LENGTH = 8


def write_block(stream: IO[bytes], block: bytes) -> None:
    """Append one block; the caller flushes."""
    stream.write(len(block).to_bytes(_LENGTH, "big"))
    stream.write(block)


def read_block(stream: IO[bytes]) -> bytes | None:
    """The next block, or None when the other side has gone."""
    head = _exactly(stream, _LENGTH)
    return None if head is None else _exactly(stream, int.from_bytes(head, "big"))


def _exactly(stream: IO[bytes], size: int) -> bytes | None:
    data = stream.read(size)
    return data if len(data) == size else None

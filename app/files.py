"""The store of files: random names, whole or not at all, types found by looking inside."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import filetype

from app import virus_scan
from app.config import settings
from app.errors import HelpDeskError
from app.file_names import safe_name
from app.translate import _

_CHUNK = 1 << 16
_MEGABYTE = 1 << 20
FOLDERS = 256  # of the store, named by the first two hex digits of the ids in them
OPAQUE = "application/octet-stream"


class TooLarge(HelpDeskError):
    """The file is over MAX_ATTACHMENT_MB (413)."""

    status = 413


@dataclass(frozen=True)
class StoredFile:
    """Bytes that are on disk for good; ``size`` in bytes."""

    storage_id: str
    name: str
    type: str
    size: int
    sha256: str
    is_infected: bool = False


def keep(stream: BinaryIO, name: str, *, limit: int | None = None) -> StoredFile:
    """Store a stream durably and return what was stored; raises TooLarge (``limit`` in bytes, None: the setting).

    A file that the scanner of VIRUS_SCAN names is stored like any other, and flagged.
    """
    most = settings().max_attachment_mb * _MEGABYTE if limit is None else limit
    storage_id = secrets.token_hex(16)
    target = path(storage_id)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part")
    digest, size = hashlib.sha256(), 0
    try:
        with partial.open("xb") as file:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > most:
                    values = {"name": clean_name(name), "mb": most // _MEGABYTE}
                    raise TooLarge(_("Файл «%(name)s» больше %(mb)s МБ. Пришлите ссылку на него.", **values))
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(target)
        _sync_folder(target.parent)
    finally:
        partial.unlink(missing_ok=True)
    is_infected = virus_scan.is_infected(target)
    return StoredFile(storage_id, clean_name(name), type_of(target), size, digest.hexdigest(), is_infected)


def forget(storage_ids: Iterable[str]) -> None:
    """Files that are in no row: off the disk."""
    for storage_id in storage_ids:
        path(storage_id).unlink(missing_ok=True)


def path(storage_id: str) -> Path:
    """Where the bytes lie; ``storage_id`` must be one of ours (32 hex digits)."""
    if not re.fullmatch(r"[0-9a-f]{32}", storage_id):
        raise ValueError(f"{storage_id!r} is not an id of the file store")
    return settings().files_dir / storage_id[:2] / storage_id


def type_of(target: Path) -> str:
    """The media type by the file's first bytes; what is not known is opaque, never what the sender claims."""
    kind = filetype.guess(str(target))
    return kind.mime if kind else OPAQUE


def clean_name(name: str) -> str:
    """A file name without paths, control and direction characters, at most 150 characters, never empty."""
    return safe_name(name) or "файл"


def folders() -> list[str]:
    """The names of the store's folders."""
    return [f"{number:02x}" for number in range(FOLDERS)]


def in_folder(prefix: str) -> list[Path]:
    """Everything in one folder of the store, half files too; ``prefix``: two hex digits."""
    return sorted((settings().files_dir / prefix).glob("*"))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

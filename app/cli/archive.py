"""A backup as one tar file: a manifest, the database's copy, the secret key, the files of requests."""

from __future__ import annotations

import io
import json
import os
import re
import tarfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from app.cli import snapshots
from app.config import SECRET_FILE, settings
from app.errors import HelpDeskError

MANIFEST = "manifest.json"
FORMAT = 1
_FILE = re.compile(r"files/([0-9a-f]{2})/(\1[0-9a-f]{30})")


def write(target: Path, snapshot: Path, facts: Mapping[str, Any]) -> int:
    """Write the archive whole or not at all; readable by this user alone. Returns how many files are in it."""
    partial = target.with_name(target.name + ".part")
    mode = "w:gz" if target.suffix in {".gz", ".tgz"} else "w"
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    count = 0
    try:
        with tarfile.open(partial, mode) as tar:  # type: ignore[call-overload]  # the mode is one of two
            _add_bytes(tar, MANIFEST, json.dumps({"format": FORMAT, **facts}, indent=1).encode())
            tar.add(snapshot, snapshots.name(), recursive=False)
            secret = settings().data_dir / SECRET_FILE
            if secret.is_file():
                tar.add(secret, SECRET_FILE, recursive=False)
            for file in sorted(settings().files_dir.glob("??/*")):
                if _FILE.fullmatch(name := f"files/{file.parent.name}/{file.name}"):
                    with suppress(FileNotFoundError):  # swept or erased since it was listed: the desk may run
                        tar.add(file, name, recursive=False)
                        count += 1
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return count


def manifest(source: Path) -> dict[str, Any]:
    """What an archive says of itself; raises HelpDeskError when it is no backup of ours."""
    try:
        with tarfile.open(source) as tar:
            first = tar.next()
            stream = tar.extractfile(first) if first and first.name == MANIFEST else None
            facts = json.load(stream) if stream else None
    except (tarfile.TarError, OSError, ValueError) as error:
        raise HelpDeskError(f"{source} cannot be read as a backup: {error}.") from error
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        raise HelpDeskError(f"{source} is not a backup that this version can read.")
    return facts


def unpack_snapshot(source: Path, target: Path) -> None:
    """The database's copy out of an archive."""
    with tarfile.open(source) as tar:
        try:
            stream = tar.extractfile(snapshots.name())
        except KeyError:
            stream = None
        if stream is None:
            raise HelpDeskError(f"{source} holds no {snapshots.name()}: it was made with the other kind of database.")
        _write(target, stream)


def unpack_files(source: Path) -> int:
    """Files of requests, and the secret key where there is none yet; returns how many files."""
    count = 0
    with tarfile.open(source) as tar:
        for member in tar:
            stream = tar.extractfile(member) if member.isreg() else None
            if stream is None:
                continue
            if _FILE.fullmatch(member.name):  # nothing else can leave the archive, whatever it is called
                _write(settings().data_dir / member.name, stream)
                count += 1
            elif member.name == SECRET_FILE and not (settings().data_dir / SECRET_FILE).exists():
                _write(settings().data_dir / SECRET_FILE, stream)
    return count


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    tar.addfile(entry, io.BytesIO(content))


def _write(target: Path, stream: Any) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".part")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    with partial.open("wb") as file:
        while chunk := stream.read(1 << 20):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(target)

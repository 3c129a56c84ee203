"""`bin/mail-receive` as a mail server runs it beside a running desk."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.processes.desk import ROOT, migrated, running_desk

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes"), pytest.mark.timeout(180)]

LETTER = b"From: Carol <carol@customer.example>\r\nTo: info@stekspb.ru\r\nSubject: Printer\r\n\r\nIt smokes.\r\n"


def test_a_piped_letter_is_filed_within_seconds(tmp_path: Path, sqlite_template: Path) -> None:
    link = tmp_path / "desk-mail"
    link.symlink_to(ROOT / "bin" / "mail-receive")
    with running_desk(migrated(tmp_path / "data", sqlite_template)) as desk:
        environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(desk.data_dir)}
        done = subprocess.run(
            [link, "-f", "carol@customer.example"],
            input=LETTER,
            env=environment,
            cwd="/",
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
        kept = desk.data_dir / "mail" / "out"
        desk.wait(lambda: kept.is_dir() and any(kept.rglob("*.eml")), 30, "the registration letter")

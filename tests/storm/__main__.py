"""`python -m tests.storm --minutes 20`: the long storm; a table at the end, JSON in DATA_DIR/bench/."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests import servers
from tests.storm.storm import rage

DISK = "400m"


def main() -> None:
    """Rage, print, keep the figures; exit 1 when anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="storm-", ignore_cleanup_errors=True)))
        stack.enter_context(small_disk(folder))
        url = stack.enter_context(servers.running_postgres()) if given.postgres else ""
        result = rage(folder / "data", given.minutes * 60, url=url)
        if not result.is_clean:
            keep_evidence(folder)
    name = "storm-postgres.json" if given.postgres else "storm.json"
    kept = Path(os.environ.get("DATA_DIR", "data")) / "bench" / name
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(result.as_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(result.table())
    print(f"\nFigures: {kept}")
    sys.exit(not result.is_clean)


def keep_evidence(folder: Path) -> None:
    """Copy what the desk has left behind, for whoever looks for the fault."""
    target = Path(tempfile.mkdtemp(prefix="storm-evidence-"))
    shutil.copytree(folder, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("files", "*.sock"))
    print(f"What the desk has left behind: {target}")


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Give the folder a disk of its own that can be filled, where this user may mount one."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "storm", str(folder)]
    is_mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    if not is_mounted:
        print("The disk is not filled in this storm: mounting one needs root.")
    try:
        yield
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)


if __name__ == "__main__":
    main()

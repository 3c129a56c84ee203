"""`python -m tests.storm --minutes 20`: the long storm; a table at the end, JSON in DATA_DIR/bench/."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests import servers
from tests.storm.storm import rage


def main() -> None:
    """Rage, print, keep the figures; exit 1 when anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="storm-", ignore_cleanup_errors=True)))
        url = stack.enter_context(servers.running_postgres()) if given.postgres else ""
        result = rage(folder / "data", given.minutes * 60, url=url)
    name = "storm-postgres.json" if given.postgres else "storm.json"
    kept = Path(os.environ.get("DATA_DIR", "data")) / "bench" / name
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(result.as_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(result.table())
    print(f"\nFigures: {kept}")
    sys.exit(not result.is_clean)


if __name__ == "__main__":
    main()

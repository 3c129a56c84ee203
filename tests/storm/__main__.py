"""`python -m tests.storm --minutes 20`: the long storm; a table at the end, JSON in DATA_DIR/bench/."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from tests.storm.storm import rage


def main() -> None:
    """Rage, print, keep the figures; exit 1 when anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory(prefix="storm-", ignore_cleanup_errors=True) as folder:
        result = rage(Path(folder) / "data", minutes * 60)
    kept = Path(os.environ.get("DATA_DIR", "data")) / "bench" / "storm.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(result.as_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(result.table())
    print(f"\nFigures: {kept}")
    sys.exit(not result.is_clean)


if __name__ == "__main__":
    main()

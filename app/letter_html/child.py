"""The process that makes one letter harmless: some markup makes any parser hang, swell or abort, and it may."""

from __future__ import annotations

import importlib.util
import json
import resource
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from app.letter_html.render import Shown, Task, render

SECONDS = 4
MEMORY = 800 * 1024 * 1024
_APP = Path(__file__).resolve().parent.parent
# The package `app` is entered without running its __init__, which would load the whole desk.
_START = """
import sys, types
package = types.ModuleType("app")
package.__path__ = [sys.argv[1]]
sys.modules["app"] = package
sys.path.append(sys.argv[2])
from app.letter_html.child import main
main()
"""


def made_safe(task: Task) -> Shown:
    """Render in a process of its own; one that had to be ended is the refusal `heavy`."""
    command = [sys.executable, "-I", "-S", "-c", _START, str(_APP), _libraries()]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(asdict(task)).encode("ascii"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=2 * SECONDS,
            check=True,
        )
    except (subprocess.SubprocessError, OSError):
        return Shown(refusal="heavy")
    return Shown(**json.loads(done.stdout))


def main() -> None:
    """The child's side: a Task on standard input, a Shown on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    shown = render(Task(**json.loads(sys.stdin.buffer.read())))
    sys.stdout.buffer.write(json.dumps(asdict(shown)).encode("ascii"))


def _libraries() -> str:
    """Where nh3 lies; the child looks for nothing else there."""
    found = importlib.util.find_spec("nh3")
    assert found
    assert found.origin
    return str(Path(found.origin).parent.parent)

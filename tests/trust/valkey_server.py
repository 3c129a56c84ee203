"""A Redis that a test may kill, freeze, fill and bring back, beside a desk that was told where it is."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Self

from redis import Redis

from supervisor import valkey


class Server:
    """One server on a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{valkey.socket_path(self._folder)}"

    def start(self) -> None:
        self._process = subprocess.Popen(valkey.command(self._folder), stdout=subprocess.DEVNULL)
        while not valkey.is_answering(valkey.socket_path(self._folder)):
            assert self._process.poll() is None, "Valkey ended at once"
            time.sleep(0.02)

    def kill(self) -> None:
        assert self._process
        self._process.kill()
        self._process.wait(10)

    def freeze(self) -> None:
        assert self._process
        os.kill(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process
        os.kill(self._process.pid, signal.SIGCONT)

    def client(self) -> Redis:
        return Redis.from_url(self.url, socket_timeout=5)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.thaw()
        self.kill()

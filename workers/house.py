"""The one application of this process, made once, shared with the processes forked from it."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
from functools import cache

from flask import Flask

from app import config, create_app, logs
from app.extensions import db

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15


@cache
def desk_app() -> Flask:
    """This process's application."""
    app = create_app()
    logs.speak(app.config[config.CONFIG_KEY].log_format)
    return app


def share_memory() -> None:
    """Before forking: what is loaded now stays out of the collector's way, so that its pages stay shared."""
    gc.collect()
    gc.freeze()


def after_fork(app: Flask, parent: int, name: str) -> None:
    """In a forked process: leave the parent's database connections alone, and end when the parent ends.

    ``name`` is what `ps -o comm` shows, as far as 15 bytes go.
    """
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        libc.prctl(PR_SET_NAME, f"desk {name}".encode())
    if os.getppid() != parent:
        os._exit(1)
    with app.app_context():
        db.engine.dispose(close=False)

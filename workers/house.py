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


def after_fork(app: Flask, parent: int) -> None:
    """In a forked process: leave the parent's database connections alone, and end when the parent ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    with app.app_context():
        db.engine.dispose(close=False)

"""`python -m workers.mail`: letters in, by SMTP and LMTP and from mailboxes; ends on SIGTERM, all in hand stored."""

from __future__ import annotations

import threading

from app import heartbeats
from app.intake import imap_watch, smtp
from workers import house


def main() -> None:
    """Read and listen until SIGTERM."""
    app = house.desk_app()
    heartbeats.start(app, "mail")
    stop = threading.Event()
    imap_watch.watch(app, stop)
    smtp.serve(app)
    stop.set()


if __name__ == "__main__":
    main()

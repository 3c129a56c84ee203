"""`python -m workers.mail`: letters in by SMTP and LMTP; ends on SIGTERM with what it has in hand stored."""

from __future__ import annotations

from app import heartbeats
from app.intake import smtp
from workers import house


def main() -> None:
    """Listen until SIGTERM."""
    app = house.desk_app()
    heartbeats.start(app, "mail")
    smtp.serve(app)


if __name__ == "__main__":
    main()

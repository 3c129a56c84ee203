"""The WSGI application."""

import sys

try:
    from app import create_app

    app = create_app()
except Exception:
    if sys.argv[1:3] == ["mail", "receive"]:
        sys.exit(75)  # EX_TEMPFAIL: on any other status the mail server returns the letter to the customer
    raise

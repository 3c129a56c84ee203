"""The WSGI application."""

import sys

IS_MAIL_GATE = sys.argv[1:3] == ["mail", "receive"]

try:
    from app import create_app, create_mail_gate

    app = create_mail_gate() if IS_MAIL_GATE else create_app()
except Exception:
    if IS_MAIL_GATE:
        sys.exit(75)  # EX_TEMPFAIL: on any other status the mail server returns the letter to the customer
    raise

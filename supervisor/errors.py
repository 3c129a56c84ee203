"""The one thing that stops a start."""


class CannotRun(Exception):
    """Something is missing or taken; the sentence says what, and how to mend it."""

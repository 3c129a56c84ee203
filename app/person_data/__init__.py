"""What a person may ask for: a copy of all that is kept about them, and that it is erased."""

PERSON_DATA = "person_data"
"""The bell for what takes longer than a page may."""

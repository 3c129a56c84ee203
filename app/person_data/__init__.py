"""What a person may ask for: a copy of all that is kept about them, and that it is erased."""

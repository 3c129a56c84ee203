"""Finding requests by number, address, phone and words."""

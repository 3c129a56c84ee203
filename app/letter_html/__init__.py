"""HTML of letters made harmless: markup in, allow-listed markup out; pure, so that a process of its own can run it."""

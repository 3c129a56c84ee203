"""Reading a raw letter: bytes in, a ParsedLetter out; pure, so that a small child process can run it alone."""

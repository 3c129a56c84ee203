"""Commands of the desk: `flask …`."""

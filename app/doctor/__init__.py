"""What is well with the desk and what is not: checks for the command `flask doctor` and for the page of settings."""

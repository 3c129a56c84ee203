"""Accounts of staff: invited and reset by a mailed link, proved by a second factor, disabled in one place."""

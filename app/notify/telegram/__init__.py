"""Notices and answers out by Telegram."""

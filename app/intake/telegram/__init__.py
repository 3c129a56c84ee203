"""The way in from Telegram: updates are kept as they came, read into turns, and answered by the dialogue."""

"""Figures: every one is a sum over the rows of the promise ledger."""

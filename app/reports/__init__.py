"""Figures: every one is a sum over rows of the ledger, of requests, ratings and holdings, none over words."""

"""Paging: who is called for an open escalation, when, until somebody takes charge; every step a row, made once."""

from __future__ import annotations

from app.paging.acknowledging import Answer, acknowledge, may_acknowledge, told_in
from app.paging.making import sweep
from app.paging.messages import NOTICE
from app.paging.telling import is_over

__all__ = ["NOTICE", "Answer", "acknowledge", "is_over", "may_acknowledge", "sweep", "told_in"]

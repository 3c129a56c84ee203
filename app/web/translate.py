"""The pages' door to translations."""

from app.translate import _

__all__ = ["_"]

"""Masses of requests for trials and measurements: almost all finished, written as rows; the rest told by the verbs."""

from app.demo.bulk.fill import Progress, fill

__all__ = ["Progress", "fill"]

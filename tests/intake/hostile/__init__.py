"""Hostile letters, made by the builder or by real programs, and what must come out of each."""

from __future__ import annotations

from tests.intake.hostile import in_bodies, in_files, in_headers, in_structure

LETTERS = [*in_headers.LETTERS, *in_bodies.LETTERS, *in_structure.LETTERS, *in_files.LETTERS]

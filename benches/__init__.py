"""Measurements of a real desk: real processes, loopback only, figures that say what was measured."""

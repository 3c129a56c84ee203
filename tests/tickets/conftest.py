"""A quiet desk on a Monday, as the tests of letters have it."""

from tests.notify.conftest import quiet_desk

__all__ = ["quiet_desk"]

"""Measures of speed: each beside a baseline from the same session; never part of the tests."""

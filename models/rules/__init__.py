"""Judging: the ruleset as data, the closed set of predicates, and the judge that goes through them in order."""

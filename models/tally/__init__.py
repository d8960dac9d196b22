"""Tallies: what a purchase contributes, and what units' figures are made of."""

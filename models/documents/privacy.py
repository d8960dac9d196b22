"""Civil registration numbers (CPR) in documents, by the scheme of an identifier."""

_SCHEMES = frozenset({"CPR", "DK:CPR", "9901"})
"""Also by its number among Peppol's electronic address schemes."""


def is_cpr_scheme(scheme: str) -> bool:
    """Whether an identifier of this scheme is a person's civil registration number."""
    return scheme.strip().upper() in _SCHEMES

"""Civil registration numbers (CPR) in documents: by their scheme, and where an account must stay readable."""

import re

from models.contract.personal import MASK

# As `contract.personal.CPR`, with its hyphen: ten digits in a row may as well be an account.
_WRITTEN_CPR = re.compile(
    r"(?<!\d)(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])(?:0[1-9]|1[0-2])\d{2}-\d{4}(?!\d)", re.ASCII
)
_SCHEMES = frozenset({"CPR", "DK:CPR"})


def without_written_cpr(text: str) -> str:
    """The text with CPR numbers masked that are written with their hyphen; ten digits in a row stay."""
    return _WRITTEN_CPR.sub(MASK, text)


def is_cpr_scheme(scheme: str) -> bool:
    """Whether an identifier of this scheme is a person's civil registration number."""
    return scheme.strip().upper() in _SCHEMES

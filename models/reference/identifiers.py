"""Identifiers of units and suppliers: ids, GLN, CVR, ERP numbers, compared in one way everywhere."""

import re

_CVR = re.compile(r"DK[ -]?(\d{8})", re.IGNORECASE)


def comparable(identifier: str) -> str:
    """The form in which identifiers are compared: a CVR without its `DK`, everything else as it is."""
    stripped = identifier.strip()
    cvr = _CVR.fullmatch(stripped) if stripped[:1] in "Dd" else None
    return cvr.group(1) if cvr else stripped

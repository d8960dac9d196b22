"""Personal data in text: CPR numbers are found and masked wherever people wrote them."""

import re

MASK = "**********"

DAY_AND_MONTH = r"(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])(?:0[1-9]|1[0-2])"
HYPHENS = r"-\u2010-\u2015\u2212"
"""All that people write for a hyphen, inside of a pattern's brackets."""

CPR = re.compile(rf"(?<![0-9]){DAY_AND_MONTH}[0-9]{{2}}[ \t\u00a0]?[{HYPHENS}./]?[ \t\u00a0]?[0-9]{{4}}(?![0-9])")
"""DDMMYY-SSSS; days from 61 are replacement numbers. No check digit: since 2007 numbers are given out that fail it."""

_CONTROL = dict.fromkeys((*range(32), *range(127, 160), 8232, 8233), " ")


def masked_text(text: str) -> str:
    """The text without CPR numbers."""
    return CPR.sub(MASK, text)


def cleaned(text: str, *, longest: int) -> str:
    """Free text as it may be kept: no CPR number, no control character, not longer than that."""
    plain = text if text.isprintable() else " ".join(text.translate(_CONTROL).split())
    return masked_text(plain)[:longest].strip()

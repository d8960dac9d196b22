"""Purchase ids: `source~number`, or `buyer~seller~number~date`, safe in keys, URLs and CSV."""

import re
from functools import lru_cache
from urllib.parse import quote, unquote

from models.contract.fields import PRINTABLE

SEPARATOR = "~"
_NUMBER_AT = {2: 1, 4: 2}
_SAFE = re.compile(r"[A-Za-z0-9._~-]+")
_WELL_FORMED = re.compile(r"(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+")
_PRINTABLE = re.compile(PRINTABLE)


def purchase_id(*parts: str) -> str:
    """Join two or four parts, each percent-encoded; `ValueError` for another count or an empty part."""
    if len(parts) not in _NUMBER_AT or not all(parts):
        raise ValueError("a purchase id has two or four parts, none of them empty")
    plain = SEPARATOR.join(parts)
    if _SAFE.fullmatch(plain) and plain.count(SEPARATOR) == len(parts) - 1:
        return plain
    return SEPARATOR.join([_encoded(part) for part in parts])


@lru_cache(maxsize=4096)
def _encoded(part: str) -> str:
    return quote(part, safe="").replace(SEPARATOR, "%7E")


def parts_of(purchase: str) -> tuple[str, ...]:
    """The parts of a purchase id, decoded; `ValueError` with what is wrong with it, in words that complete a sentence."""
    parts = purchase.split(SEPARATOR)
    if len(parts) not in _NUMBER_AT:
        raise ValueError("it has neither two parts (source~number) nor four (buyer~seller~number~date)")
    if not all(_WELL_FORMED.fullmatch(part) for part in parts):
        raise ValueError("a part is empty or holds a character that must be percent-encoded")
    try:
        decoded = tuple(unquote(part, errors="strict") for part in parts)
    except UnicodeDecodeError:
        raise ValueError("a part is not percent-encoded UTF-8") from None
    if not all(_PRINTABLE.fullmatch(part) for part in decoded):
        raise ValueError("a part holds a control character, or one that cannot be seen")
    return decoded


def number_of(purchase: str) -> str:
    """The number that decides the row."""
    parts = parts_of(purchase)
    return parts[_NUMBER_AT[len(parts)]]

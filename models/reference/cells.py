"""Cells of reference files: from the text in a cell to a value, or a ValueError whose sentence says what to write.

Parsers remember what they gave: a file repeats its days, categories and prices, and equal values are then one object.
"""

import re
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache

from models.reference.categories import parsed, written
from models.reference.rows import Level
from models.vocabulary import CHANNELS, Outcome

Parser = Callable[[str], object]

MAX_IDENTIFIER = 64
MAX_TEXT = 1000
MAX_DIGITS = 12
_REMEMBERED = 1 << 16
_YES = frozenset({"true", "1", "yes", "ja", "sand"})
_NO = frozenset({"false", "0", "no", "nej", "falsk"})
_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{1,6})?")
_EXCLUSIONS = frozenset(channel.value for channel in CHANNELS[Outcome.EXCLUDED])


def text(cell: str) -> str:
    """Any text of at most a thousand characters."""
    if len(cell) > MAX_TEXT:
        raise ValueError(f"is longer than {MAX_TEXT} characters; shorten it")
    return cell


def identifier(cell: str) -> str:
    """An id: 1–64 printable characters."""
    if len(cell) > MAX_IDENTIFIER or not cell.isprintable():
        raise ValueError(f"“{cell[:MAX_IDENTIFIER]}” is no id; ids have 1–{MAX_IDENTIFIER} printable characters")
    return cell


def shared_identifier(cell: str) -> str:
    """An id that many rows repeat."""
    return sys.intern(identifier(cell))


@lru_cache(maxsize=_REMEMBERED)
def identifiers(cell: str) -> tuple[str, ...]:
    """Identifiers separated by semicolons."""
    return tuple(identifier(part.strip()) for part in cell.split(";") if part.strip())


@lru_cache(maxsize=_REMEMBERED)
def day(cell: str) -> date:
    """A calendar day."""
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise ValueError(f"“{cell}” is no day; write it as 2026-03-31") from None


@lru_cache(maxsize=_REMEMBERED)
def number(cell: str) -> str:
    """A decimal number in canonical text: no plus sign, no needless zeros."""
    if not _NUMBER.fullmatch(cell):
        raise ValueError(f"“{cell}” is no number; write it as 1234.50, with at most 12 digits and six decimals")
    value = Decimal(cell).normalize()
    return f"{value:f}" if value else "0"


def number_with_comma(cell: str) -> str:
    """A decimal number of a file with semicolons, where the decimal sign is a comma (a point is understood)."""
    return number(cell if "." in cell else cell.replace(",", "."))


def positive(parse: Callable[[str], str]) -> Callable[[str], str]:
    """The number, which must be above zero."""

    def parse_positive(cell: str) -> str:
        value = parse(cell)
        if value == "0" or value.startswith("-"):
            raise ValueError(f"“{cell}” must be above zero")
        return value

    return parse_positive


def not_negative(parse: Callable[[str], str]) -> Callable[[str], str]:
    """The number, which must not be below zero."""

    def parse_not_negative(cell: str) -> str:
        value = parse(cell)
        if value.startswith("-"):
            raise ValueError(f"“{cell}” must not be below zero")
        return value

    return parse_not_negative


def share(parse: Callable[[str], str]) -> Callable[[str], str]:
    """A share between 0 and 1."""

    def parse_share(cell: str) -> str:
        value = parse(cell)
        if not 0 <= Decimal(value) <= 1:
            raise ValueError(f"“{cell}” is no share; write 80 % as 0.8")
        return value

    return parse_share


def count(cell: str) -> int:
    """A whole number, zero or more."""
    if not cell.isascii() or not cell.isdigit() or len(cell) > MAX_DIGITS:
        raise ValueError(f"“{cell}” is no count; write a whole number, zero or more")
    return int(cell)


def yes_or_no(cell: str) -> bool:
    """True or false."""
    word = cell.lower()
    if word not in _YES and word not in _NO:
        raise ValueError(f"“{cell}” must be true or false")
    return word in _YES


def level(cell: str) -> Level:
    """A level of the tree."""
    try:
        return Level(cell.lower())
    except ValueError:
        raise ValueError(f"“{cell}” is no level; one of {', '.join(Level)}") from None


def exclusion(cell: str) -> str:
    """A channel of excluded purchases."""
    if cell not in _EXCLUSIONS:
        raise ValueError(f"“{cell}” is no excluded channel; one of {', '.join(sorted(_EXCLUSIONS))}")
    return sys.intern(cell)


@lru_cache(maxsize=_REMEMBERED)
def category(cell: str) -> str:
    """A category or the first digits of one, `UNSPSC:14111507`."""
    return written(parsed(cell))


@lru_cache(maxsize=_REMEMBERED)
def categories(cell: str) -> tuple[str, ...]:
    """Categories separated by semicolons, in order and each once, so that a list is always written the same."""
    return tuple(sorted({category(part.strip()) for part in cell.split(";") if part.strip()}))


@lru_cache(maxsize=_REMEMBERED)
def currency(cell: str) -> str:
    """A currency by its three letters."""
    if not re.fullmatch(r"[A-Z]{3}", cell):
        raise ValueError(f"“{cell}” is no currency; write its three letters, DKK")
    return cell

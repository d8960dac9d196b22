"""Tables as CSV that spreadsheets open well and that never run as a formula.

For a program, columns are named as in the JSON, amounts are øre and rates fractions. For a reader, headings and codes
are words of a language, amounts kroner, rates per cent; Danish has `;` and decimal comma, English `,` and point.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from models.days import COPENHAGEN
from sinks.web.columns import CODES, DIFFERENCES, HEADINGS, RATES, UNITS
from sinks.web.language import Language
from sinks.web.words import Words

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_ROWS_A_CHUNK = 500
BYTE_ORDER_MARK = "\ufeff"


def written(
    columns: Sequence[str], rows: Iterable[Any], *, language: Language | None = None, words: Words | None = None
) -> Iterator[str]:
    """The table in pieces; without a language, for a program."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";" if language is Language.DANISH else ",", lineterminator="\r\n")
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow([heading(name, language) for name in columns])
    for number, row in enumerate(rows, start=1):
        writer.writerow([cell(getattr(row, name), name, language, words) for name in columns])
        if number % _ROWS_A_CHUNK == 0:
            yield _emptied(buffer)
    yield _emptied(buffer)


def heading(column: str, language: Language | None) -> str:
    """A column's name, or what it is called in a language, with its unit."""
    if language is None:
        return column
    place = 0 if language is Language.DANISH else 1
    unit = "ore" if column.endswith("_ore") else "rate" if column in RATES else ""
    unit = "difference" if column in DIFFERENCES else unit
    name = HEADINGS[column][place]
    return f"{name} ({UNITS[unit][place]})" if unit else name


def cell(value: Any, column: str, language: Language | None = None, words: Words | None = None) -> str:
    """One value; text that a spreadsheet would run gets an apostrophe in front (OWASP, CSV injection)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _truth(value, language)
    if isinstance(value, int | float | Decimal) and not isinstance(value, Enum):
        return _number(value, column, language)
    if isinstance(value, datetime):
        return value.isoformat() if language is None else f"{value.astimezone(COPENHAGEN):%Y-%m-%d %H:%M:%S}"
    text = str(value.value if isinstance(value, Enum) else value)
    if words is not None and column in CODES:
        text = words(text, CODES[column])
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def _truth(value: bool, language: Language | None) -> str:  # noqa: FBT001 - a cell's content
    words = {None: ("true", "false"), Language.DANISH: ("ja", "nej"), Language.ENGLISH: ("yes", "no")}[language]
    return words[0] if value else words[1]


def _number(value: float | Decimal, column: str, language: Language | None) -> str:
    if language is None:
        return str(value)
    text = str(value)
    if column.endswith("_ore"):
        text = f"{Decimal(value) / 100:.2f}"
    elif column in RATES or column in DIFFERENCES:
        text = f"{Decimal(str(value)) * 100:.2f}"
    return text.replace(".", ",") if language is Language.DANISH else text


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text

"""Tables as CSV that spreadsheets open well and that never run as a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sinks.web.language import Language

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_ROWS_A_CHUNK = 500
BYTE_ORDER_MARK = "\ufeff"


def written(columns: Sequence[str], rows: Iterable[Any], *, language: Language) -> Iterator[str]:
    """The table in pieces: in Danish with `;` and decimal comma and amounts in kroner, else `,`, point and øre."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";" if language is Language.DANISH else ",", lineterminator="\r\n")
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow([_title(name, language) for name in columns])
    for number, row in enumerate(rows, start=1):
        writer.writerow([cell(getattr(row, name), name, language) for name in columns])
        if number % _ROWS_A_CHUNK == 0:
            yield _emptied(buffer)
    yield _emptied(buffer)


def cell(value: Any, column: str, language: Language) -> str:
    """One value; text that a spreadsheet would run gets an apostrophe in front (OWASP, CSV injection)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float | Decimal) and not isinstance(value, Enum):
        return _number(value, column, language)
    if isinstance(value, datetime):
        return value.isoformat()
    text = str(value.value if isinstance(value, Enum) else value)
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def _number(value: float | Decimal, column: str, language: Language) -> str:
    if language is not Language.DANISH:
        return str(value)
    text = f"{Decimal(value) / 100:.2f}" if column.endswith("_ore") else str(value)
    return text.replace(".", ",")


def _title(name: str, language: Language) -> str:
    return f"{name.removesuffix('_ore')}_kr" if language is Language.DANISH and name.endswith("_ore") else name


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text

"""Cells of a CSV file as the values of event fields, and fields of a refusal back as columns."""

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from models.contract.data import LineData
from models.contract.explain import AMOUNTS, quoted
from models.refusal import refuse
from models.vocabulary import RejectionCode

ENVELOPE_COLUMNS = ("specversion", "id", "source", "type", "time", "subject")
LINES_TOO = ("account", "agreement")
"""Fields that mean the same of a purchase and of a line; `unit` does not."""
PREFIXED = ("unit", *LINES_TOO)
"""Fields that the purchase has as well: a line's own stand in `line_unit`, `line_account` and `line_agreement`."""
LINE_COLUMNS = {f"line_{name}" if name in PREFIXED else name: name for name in LineData.model_fields}
"""Column → field of a line; `category` is written as `UNSPSC:14111507`."""
WHOLE_NUMBERS = frozenset({"version", "on_version"})
FLAGS = {"true": True, "false": False, "1": True, "0": False, "ja": True, "nej": False}
_LINE_FIELD = re.compile(r"data\.lines\[(\d+)\](?:\.(\w+))?")


class Dialect(Enum):
    """The delimiter, which also says how decimals are written: `;` with a comma, `,` with a point."""

    COMMA = ";"
    POINT = ","


def value_of(column: str, cell: str, *, dialect: Dialect, row: int) -> Any:
    """A cell as JSON holds it; what cannot be read stays text and is refused with the event."""
    field = LINE_COLUMNS.get(column, column)
    if field in AMOUNTS:
        return _decimal(column, cell, dialect=dialect, row=row)
    if field in WHOLE_NUMBERS and cell.isascii() and cell.isdigit() and len(cell) < len("1" * 19):
        return int(cell)
    if field == "frame":
        return FLAGS.get(cell.lower(), cell)
    if field == "category":
        scheme, _, code = cell.rpartition(":")
        return {"scheme": scheme, "code": code}
    return cell


def _decimal(column: str, cell: str, *, dialect: Dialect, row: int) -> str:
    if dialect is Dialect.POINT:
        return cell
    if "." in cell:
        sentence = (
            f"is {quoted(cell)}. In a file with semicolons decimals follow a comma, and a point could mean thousands: "
            "write 1234,50."
        )
        raise refuse(RejectionCode.BAD_VALUE, place(row, column), sentence)
    return cell.replace(",", ".")


def place(row: int, column: str = "") -> str:
    """`row 5, column net_amount`; the heading is row 1."""
    return f"row {row}, column {column}" if column else f"row {row}"


def parts_of_place(text: str) -> tuple[int, str]:
    """The row and the column that `place` put together; no column is empty."""
    row, _, column = text.removeprefix("row ").partition(", column ")
    return int(row), column


def place_of(field: str, rows: Sequence[int]) -> str:
    """Where in the file a field of the event stands."""
    of_line = _LINE_FIELD.match(field)
    if of_line and int(of_line[1]) < len(rows):
        name = of_line[2] or "line"
        return place(rows[int(of_line[1])], f"line_{name}" if name in PREFIXED else name)
    column = field.removeprefix("data.").partition(".")[0].partition("[")[0]
    return place(rows[0], {"lines": "line", "data": ""}.get(column, column))


def line_of(cells: Mapping[str, str], *, dialect: Dialect, row: int) -> dict[str, Any]:
    """The line that a row states; empty if it states none."""
    return {
        field: value_of(column, cells[column], dialect=dialect, row=row)
        for column, field in LINE_COLUMNS.items()
        if cells.get(column)
    }


def header_of(cells: Mapping[str, str], *, dialect: Dialect, row: int) -> dict[str, Any]:
    """The envelope with its data, without lines, as a row states it."""
    stated = {name: cell for name, cell in cells.items() if cell and name not in LINE_COLUMNS}
    envelope: dict[str, Any] = {"specversion": "1.0"}
    envelope |= {name: cell for name, cell in stated.items() if name in ENVELOPE_COLUMNS}
    data = {
        name: value_of(name, cell, dialect=dialect, row=row)
        for name, cell in stated.items()
        if name not in ENVELOPE_COLUMNS
    }
    return envelope | {"data": data}

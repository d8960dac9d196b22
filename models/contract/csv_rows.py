"""CSV files as events: one row a line, header fields repeated, and the same refusals, naming row and column."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from models.contract.csv_cells import LINE_COLUMNS, LINES_TOO, Dialect, header_of, line_of, place
from models.contract.decode import BOM
from models.contract.explain import quoted
from models.refusal import RefusalError, Refused, refuse
from models.vocabulary import RejectionCode

NEEDED = ("type", "source", "id")
"""With `version` these tell which rows are one event."""


@dataclass(frozen=True)
class CsvEvent:
    """One event of a file, as an envelope ready to send, and the rows its lines stand in (the heading is row 1)."""

    envelope: dict[str, Any]
    rows: tuple[int, ...]

    def encoded(self) -> bytes:
        """The envelope as it is sent."""
        return json.dumps(self.envelope, separators=(",", ":")).encode()


@dataclass(frozen=True)
class _Row:
    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class _Table:
    dialect: Dialect
    columns: list[str]
    rows: list[tuple[int, list[str]]]


def csv_events(content: bytes) -> Iterator[CsvEvent | Refused]:
    """The events of a file in the order of their first rows; a file that cannot be read at all is one refusal."""
    try:
        table = _table(_text(content))
    except RefusalError as refused:
        yield refused.refused
        return
    for group in _grouped(table):
        yield group if isinstance(group, Refused) else _event(group, table.dialect)


def _text(content: bytes) -> str:
    plain = content.removeprefix(BOM)
    try:
        return plain.decode()
    except UnicodeDecodeError as wrong:
        where = place(plain.count(b"\n", 0, wrong.start) + 1)
        sentence = "holds bytes that are no UTF-8. Save the file as CSV UTF-8."
        raise refuse(RejectionCode.NOT_TEXT, where, sentence) from None


def _table(text: str) -> _Table:
    heading = text.partition("\n")[0]
    dialect = Dialect.COMMA if heading.count(";") > heading.count(",") else Dialect.POINT
    records = _records(text, dialect)
    columns = [name.lower() for name in records[0]] if records else []
    _check_heading(columns)
    return _Table(
        dialect, columns, [(number, cells) for number, cells in enumerate(records[1:], start=2) if any(cells)]
    )


def _records(text: str, dialect: Dialect) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=dialect.value, strict=True)
    try:
        return [[cell.strip() for cell in cells] for cells in reader]
    except csv.Error as wrong:
        sentence = f"is no CSV: {wrong}. Quote cells with line breaks or delimiters, and double the quotes in them."
        raise refuse(RejectionCode.BAD_VALUE, place(reader.line_num), sentence) from None


def _check_heading(columns: list[str]) -> None:
    if not any(columns):
        raise refuse(RejectionCode.EMPTY, place(1), "The file has no heading. Name the columns in its first row.")
    for name in NEEDED:
        if name not in columns:
            sentence = "is missing from the heading; type, source, id and version tell which rows are one event."
            raise refuse(RejectionCode.MISSING_FIELD, place(1, name), sentence)
    twice = [name for place, name in enumerate(columns) if name and name in columns[:place]]
    if twice:
        raise refuse(RejectionCode.BAD_VALUE, place(1, twice[0]), "stands twice in the heading. Remove one.")


def _grouped(table: _Table) -> Iterable[list[_Row] | Refused]:
    groups: dict[tuple[str, ...], list[_Row] | Refused] = {}
    for number, cells in table.rows:
        row = _Row(number, dict(zip(table.columns, cells, strict=False)))
        refused = _row_refused(row, cells, table.columns)
        if refused:
            groups[("", str(number))] = refused
            continue
        group = groups.setdefault(tuple(row.cells.get(name, "") for name in (*NEEDED, "version")), [])
        if isinstance(group, list):
            group.append(row)
    return groups.values()


def _row_refused(row: _Row, cells: list[str], columns: list[str]) -> Refused | None:
    if any(cells[len(columns) :]):
        sentence = f"has {len(cells)} cells under {len(columns)} columns. Quote cells that hold the delimiter."
        return Refused(RejectionCode.BAD_VALUE, place(row.number), sentence)
    empty = next((name for name in NEEDED if not row.cells.get(name)), None)
    if empty:
        sentence = "is empty; type, source, id and version tell which rows are one event. Fill it in on every row."
        return Refused(RejectionCode.MISSING_FIELD, place(row.number, empty), sentence)
    return None


def _event(group: list[_Row], dialect: Dialect) -> CsvEvent | Refused:
    group = _with_own(group)
    first = group[0]
    try:
        _refuse_difference(group)
        envelope = header_of(first.cells, dialect=dialect, row=first.number)
        stated = [(row.number, line_of(row.cells, dialect=dialect, row=row.number)) for row in group]
    except RefusalError as refused:
        named = {"source": first.cells["source"], "event_id": first.cells["id"]}
        return msgspec.structs.replace(refused.refused, **named)
    lines = [(number, line) for number, line in stated if line]
    if lines:
        envelope["data"]["lines"] = [line for _, line in lines]
    return CsvEvent(envelope, tuple(number for number, _ in lines) or (first.number,))


def _with_own(group: list[_Row]) -> list[_Row]:
    """An account or an agreement that differs between the rows of an event is each line's own."""
    for name in LINES_TOO:
        if len({row.cells[name] for row in group if row.cells.get(name)}) > 1:
            group = [replace(row, cells={f"line_{name}": row.cells.get(name, ""), **row.cells}) for row in group]
    return group


def _refuse_difference(group: list[_Row]) -> None:
    """Header fields are repeated or left empty below the first row; another value means another event."""
    first = group[0].cells
    for row in group[1:]:
        for name, cell in row.cells.items():
            if cell and name not in (*LINE_COLUMNS, *LINES_TOO) and cell != first.get(name, ""):
                shown = "" if name == "buyer" else f" is {quoted(cell)},"
                sentence = f"{shown} differs from row {group[0].number} of the same event. Give each event its own id."
                if name == "unit":
                    sentence += " A line's unit of measure stands in the column line_unit."
                raise refuse(RejectionCode.BAD_VALUE, place(row.number, name), sentence.strip())

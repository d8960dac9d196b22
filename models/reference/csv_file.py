"""One CSV file of reference data: bytes to rows, with every problem by row and column."""

import csv
import io
from collections.abc import Iterator, Sequence

import msgspec

from models.reference.cells import Parser
from models.reference.problems import Problem
from models.reference.rows import AnyRow
from models.reference.tables import Table

MOST_PROBLEMS = 200
"""A file in the wrong format would repeat the same sentence for each of its rows."""


class ReadFile(msgspec.Struct):
    """What a file held: rows by key with the line each stands on, errors that refuse the set, and warnings."""

    rows: dict[str, AnyRow] = {}
    lines: dict[str, int] = {}
    errors: list[Problem] = []
    warnings: list[Problem] = []


class _Layout(msgspec.Struct, frozen=True):
    """For each field of the row: the place of its cell (-1: no such column), how to read it, and what stands in."""

    width: int
    names: tuple[str, ...]
    places: tuple[int, ...]
    parsers: tuple[Parser, ...]
    defaults: tuple[object, ...]
    required: tuple[bool, ...]


class _RowError(ValueError):
    """The cells of a row that could not be read: column and sentence."""

    def __init__(self, findings: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(sentence for _, sentence in findings))
        self.findings = findings


def read_csv(table: Table, content: bytes) -> ReadFile:
    """The rows of a table's file; with errors the rows are incomplete and must not be used."""
    result = ReadFile()
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        result.errors.append(Problem(table.file, line, "", "is not UTF-8 text; save the file as UTF-8"))
        return result
    delimiter = _delimiter(decoded)
    reader = csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter, strict=True)
    try:
        layout = _layout(table, next(reader, []), delimiter, result)
        if layout is not None:
            _read_rows(table, layout, reader, result)
    except csv.Error as error:
        message = f"is broken here ({error}); look for a quotation mark that is not closed"
        result.errors.append(Problem(table.file, reader.line_num, "", message))
    return result


def _delimiter(decoded: str) -> str:
    header = decoded[: decoded.find("\n")] if "\n" in decoded else decoded
    return ";" if header.count(";") > header.count(",") else ","


def _layout(table: Table, header: Sequence[str], delimiter: str, result: ReadFile) -> _Layout | None:
    names = [name.strip().lower() for name in header]
    known = {column.name for column in table.columns}
    missing = [column.name for column in table.columns if column.required and column.name not in names]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    result.errors += [Problem(table.file, 1, name, "the column is missing; add it") for name in missing]
    result.errors += [Problem(table.file, 1, name, "the column is there twice; remove one") for name in twice]
    result.warnings += [
        Problem(table.file, 1, name, "the column is not known and is left out") for name in names if name not in known
    ]
    if missing or twice:
        return None
    return _Layout(
        width=len(names),
        names=tuple(column.name for column in table.columns),
        places=tuple(names.index(column.name) if column.name in names else -1 for column in table.columns),
        parsers=tuple(column.with_comma if delimiter == ";" else column.with_point for column in table.columns),
        defaults=tuple(column.default for column in table.columns),
        required=tuple(column.required for column in table.columns),
    )


def _read_rows(table: Table, layout: _Layout, reader: "Iterator[list[str]]", result: ReadFile) -> None:
    for cells in reader:
        if not any(cells):
            continue
        line: int = reader.line_num  # type: ignore[attr-defined]
        try:
            row = table.row(*_values(layout, cells))
        except _RowError as error:
            result.errors += [Problem(table.file, line, column, sentence) for column, sentence in error.findings]
            if len(result.errors) >= MOST_PROBLEMS:
                result.errors.append(
                    Problem(table.file, line, "", "too many errors; the rest of the file was not read")
                )
                return
            continue
        key = row.key
        if key in result.rows:
            sentence = f"says again what row {result.lines[key]} says ({key}); keep one of them"
            result.errors.append(Problem(table.file, line, "", sentence))
        result.rows[key] = row
        result.lines[key] = line


def _values(layout: _Layout, cells: list[str]) -> list[object]:
    if len(cells) != layout.width:
        raise _RowError(
            [("", f"has {len(cells)} cells, the header has {layout.width}; look for a missing or stray separator")]
        )
    try:
        return [
            parse(cell)
            if place >= 0 and (cell := cells[place].strip())
            else default
            if not required
            else _refuse_empty()
            for place, parse, default, required in zip(
                layout.places, layout.parsers, layout.defaults, layout.required, strict=True
            )
        ]
    except ValueError:
        raise _RowError(list(_findings(layout, cells))) from None


def _refuse_empty() -> object:
    raise ValueError("is empty; every row needs it")


def _findings(layout: _Layout, cells: list[str]) -> "Iterator[tuple[str, str]]":
    """The row once more, cell by cell, for all that is wrong with it."""
    columns = zip(layout.names, layout.places, layout.parsers, layout.required, strict=True)
    for name, place, parse, required in columns:
        cell = cells[place].strip() if place >= 0 else ""
        try:
            if cell:
                parse(cell)
            elif required:
                _refuse_empty()
        except ValueError as error:
            yield name, str(error)

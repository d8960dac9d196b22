"""The tables of reference data: each one's file, row, and how its cells are read. The order is that of the contract."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from models.reference import cells
from models.reference.cells import Parser
from models.reference.rows import (
    AccountRow,
    AgreementRow,
    AnyRow,
    BuyerRow,
    CatalogueRow,
    ExternalChannelRow,
    LedgerRow,
    MandatoryRow,
    RateRow,
    RulesetRow,
    StandingOrderRow,
    SupplierRow,
    TargetRow,
    UnitRow,
)
from models.topics import reference_topic


class Column(msgspec.Struct, frozen=True):
    """A column of a file: a field of the row, needed or not, and its parsers with decimal point and decimal comma."""

    name: str
    required: bool
    default: object
    with_point: Parser
    with_comma: Parser


class Table(msgspec.Struct, frozen=True):
    """A table: the columns stand in the order of the row's fields."""

    name: str
    row: Callable[..., AnyRow]
    columns: tuple[Column, ...]

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.name}.csv"

    @property
    def topic(self) -> str:
        """The name of its topic."""
        return reference_topic(self.name)


_DECIMALS: dict[str, Callable[[Callable[[str], str]], Parser]] = {
    "price": cells.not_negative,
    "base_quantity": cells.positive,
    "rate": cells.positive,
    "target": cells.share,
    "amount": lambda parse: parse,
    "fte": lambda parse: lambda cell: float(cells.not_negative(parse)(cell)),
}

_PARSERS: dict[str, Parser] = {
    "unit": cells.shared_identifier,
    "supplier": cells.shared_identifier,
    "catalogue": cells.shared_identifier,
    "agreement": cells.shared_identifier,
    "parent": cells.shared_identifier,
    "level": cells.level,
    "identifiers": cells.identifiers,
    "punch_out": cells.yes_or_no,
    "orderable": cells.yes_or_no,
    "exclusion": cells.exclusion,
    "category": cells.category,
    "categories": cells.categories,
    "currency": cells.currency,
    "documents": cells.count,
    "item": cells.identifier,
    "gtin": cells.identifier,
    "standing_order": cells.identifier,
    "account": cells.identifier,
    "buyer": cells.identifier,
    "figure": cells.shared_identifier,
    "day": cells.day,
    "valid_from": cells.day,
    "valid_to": cells.day,
    "certified_from": cells.day,
    "certified_until": cells.day,
}

_NOT_IN_FILES = frozenset({"stamp", "says", "providers", "line", "of_update", "follows", "of_contract", "left_out"})
"""What only a document says of a row; the last of its fields."""


def _column(field: msgspec.structs.FieldInfo) -> Column:
    decimal = _DECIMALS.get(field.name)
    plain = _PARSERS.get(field.name, cells.text)
    return Column(
        name=field.name,
        required=field.required,
        default=None if field.required else field.default,
        with_point=decimal(cells.number) if decimal else plain,
        with_comma=decimal(cells.number_with_comma) if decimal else plain,
    )


def _table(row: Any) -> Table:
    fields = (field for field in msgspec.structs.fields(row) if field.name not in _NOT_IN_FILES)
    return Table(name=row.table, row=row, columns=tuple(map(_column, fields)))


CSV_ROWS = (
    UnitRow,
    SupplierRow,
    AgreementRow,
    CatalogueRow,
    StandingOrderRow,
    ExternalChannelRow,
    AccountRow,
    MandatoryRow,
    BuyerRow,
    TargetRow,
    RateRow,
    LedgerRow,
)

CSV_TABLES: Mapping[str, Table] = {row.table: _table(row) for row in CSV_ROWS}
"""The tables that are loaded from CSV files, by name."""

ROWS: Mapping[str, type[AnyRow]] = {row.table: row for row in (*CSV_ROWS, RulesetRow)}
"""The row of every table, rulesets too."""

"""The rows of reference data: one frozen value for each table of the contract, with its key.

Decimals are kept as canonical text, days as `date`. `valid_from` None means always, `valid_to` None open-ended, both
inclusive. A value on a topic is the row as JSON; `"deleted": true` beside the columns takes the row away.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

import msgspec

from models.amounts import hundredths
from models.facts import Stamp


class Level(StrEnum):
    """Where a unit stands in the tree, from the leaves to the root."""

    INSTITUTION = "institution"
    AREA = "area"
    DEPARTMENT = "department"
    MUNICIPALITY = "municipality"


def joined(*parts: object) -> str:
    """A key of its columns, `CAT-9|11-2233|2026-01-01`; a bar within a column is written %7C."""
    texts = ["" if part is None else str(part) for part in parts]
    key = "|".join(texts)
    if "%" not in key and key.count("|") == len(parts) - 1:
        return key
    return "|".join(text.replace("%", "%25").replace("|", "%7C") for text in texts)


class Row(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What all rows have: a table, a key and a name to be quoted by."""

    table: ClassVar[str]

    @property
    def key(self) -> str:
        """The identifying columns and the first day: the record's key on its topic."""
        raise NotImplementedError

    @property
    def ref(self) -> str:
        """How evidence names the row: `catalogue:CAT-9|12345678|11-2233|2026-01-01`."""
        return f"{self.table}:{self.key}"


class UnitRow(Row, frozen=True, gc=False, omit_defaults=True):
    """A unit and its place in the tree for a time."""

    table: ClassVar[str] = "units"
    unit: str
    name: str
    level: Level
    parent: str | None = None
    identifiers: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    manager_email: str | None = None
    peer_group: str | None = None
    fte: float | None = None

    @property
    def key(self) -> str:
        return joined(self.unit, self.valid_from)


class SupplierRow(Row, frozen=True, gc=False, omit_defaults=True):
    """A supplier, what it is known by, and whether purchases from it are outside of the base."""

    table: ClassVar[str] = "suppliers"
    supplier: str
    name: str = ""
    identifiers: tuple[str, ...] = ()
    punch_out: bool = False
    exclusion: str | None = None

    @property
    def key(self) -> str:
        return joined(self.supplier)


class AgreementRow(Row, frozen=True, gc=False, omit_defaults=True):
    """An agreement with one supplier; without categories it covers all that the supplier sells."""

    table: ClassVar[str] = "agreements"
    agreement: str
    supplier: str
    title: str = ""
    categories: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def key(self) -> str:
        return joined(self.agreement, self.supplier, self.valid_from)


class Says(StrEnum):
    """What a row of a catalogue says of its item."""

    WHOLE = "whole"
    """All of it: a file's row, or a line that a catalogue document adds."""
    UPDATE = "update"
    """What a document changes; the rest, named in `left_out`, is as it was."""
    END = "end"
    """It is there no more; without an item or a line, nothing of the catalogue is."""


class CatalogueRow(Row, frozen=True, gc=False, omit_defaults=True):
    """An item in a supplier's catalogue, with its price for a base quantity of a unit."""

    table: ClassVar[str] = "catalogue"
    catalogue: str
    supplier: str
    item: str
    gtin: str | None = None
    name: str = ""
    category: str | None = None
    price: str | None = None
    currency: str = "DKK"
    unit: str | None = None
    base_quantity: str = "1"
    orderable: bool = True
    agreement: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    stamp: Stamp | None = None
    """Of the catalogue document that said it; None for a row of a file, which any document is newer than."""
    says: Says = Says.WHOLE
    providers: tuple[str, ...] = ()
    """The identifiers of who provides the document: the key of a catalogue together with its number."""
    line: str | None = None
    """The catalogue's own id of the line; an update of prices knows the item by nothing else, and `item` is empty."""
    of_update: bool = False
    """Its document changes single lines; others stand for their whole catalogue."""
    follows: str | None = None
    """The catalogue that its document follows under another number."""
    of_contract: bool = False
    """Its document changes an earlier one that it does not name: it is known by the contract."""
    left_out: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        first = (self.catalogue, self.supplier, self.item, self.valid_from)
        if self.stamp is None:
            return joined(*first)
        return joined(*first, self.says, self.line, self.stamp.time_ms, self.stamp.event_id, self.stamp.digest)

    @property
    def ref(self) -> str:
        return f"{self.table}:{joined(self.catalogue, self.supplier, self.item, self.valid_from)}"


class StandingOrderRow(Row, frozen=True, gc=False, omit_defaults=True):
    """A standing order with a supplier, for a unit and those under it, or for all."""

    table: ClassVar[str] = "standing_orders"
    standing_order: str
    supplier: str
    unit: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def key(self) -> str:
        return joined(self.standing_order, self.supplier, self.unit, self.valid_from)


class ExternalChannelRow(Row, frozen=True, gc=False, omit_defaults=True):
    """A registered, attested digital channel outside of the system; without categories it covers all."""

    table: ClassVar[str] = "external_channels"
    supplier: str
    categories: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    attested_by: str = ""

    @property
    def key(self) -> str:
        return joined(self.supplier, ";".join(self.categories), self.valid_from)


class AccountRow(Row, frozen=True, gc=False, omit_defaults=True):
    """What an account, or all that begin with it, says of a purchase: its category, or that it is excluded."""

    table: ClassVar[str] = "accounts"
    account: str
    category: str | None = None
    exclusion: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def key(self) -> str:
        return joined(self.account, self.valid_from)


class MandatoryRow(Row, frozen=True, gc=False, omit_defaults=True):
    """A category where e-trade is required by law."""

    table: ClassVar[str] = "mandatory"
    category: str
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""

    @property
    def key(self) -> str:
        return joined(self.category, self.valid_from)


class BuyerRow(Row, frozen=True, gc=False, omit_defaults=True):
    """A buyer by pseudonym; without either date never certified."""

    table: ClassVar[str] = "buyers"
    buyer: str
    unit: str | None = None
    certified_from: date | None = None
    certified_until: date | None = None

    @property
    def key(self) -> str:
        return joined(self.buyer, self.certified_from)

    def certified_on(self, day: date) -> bool:
        """Was the buyer certified that day?"""
        first, last = self.certified_from, self.certified_until
        return (first or last) is not None and (first or date.min) <= day <= (last or date.max)


class TargetRow(Row, frozen=True, gc=False, omit_defaults=True):
    """The value that a unit's figure is to reach by `valid_to`."""

    table: ClassVar[str] = "targets"
    unit: str
    figure: str
    target: str
    valid_from: date | None = None
    valid_to: date | None = None
    decided_by: str = ""

    @property
    def key(self) -> str:
        return joined(self.unit, self.figure, self.valid_from)

    @property
    def value(self) -> Decimal:
        """The target as a share, 0.8 for 80 %."""
        return Decimal(self.target)


class RateRow(Row, frozen=True, gc=False, omit_defaults=True):
    """DKK for one unit of a currency on a day."""

    table: ClassVar[str] = "rates"
    currency: str
    day: date
    rate: str

    @property
    def key(self) -> str:
        return joined(self.currency, self.day)


class LedgerRow(Row, frozen=True, gc=False, omit_defaults=True):
    """The ERP's own control totals of a unit's invoices and credit notes on a day."""

    table: ClassVar[str] = "ledger"
    unit: str
    day: date
    documents: int
    amount: str

    @property
    def key(self) -> str:
        return joined(self.unit, self.day)

    @property
    def amount_ore(self) -> int:
        """The net amount in øre."""
        return hundredths(Decimal(self.amount))


class RulesetRow(Row, frozen=True, gc=False, omit_defaults=True):
    """A version of the rules as its TOML text; one is active, and another may run beside it as a shadow."""

    table: ClassVar[str] = "rulesets"
    name: str
    version: str
    text: str
    active: bool = False
    author: str = ""
    approver: str = ""
    comment: str = ""
    shadow: bool = False
    """Its results on live traffic go to the metrics and nowhere else."""

    @property
    def key(self) -> str:
        return f"{joined(self.name)}@{joined(self.version)}"


AnyRow = (
    UnitRow
    | SupplierRow
    | AgreementRow
    | CatalogueRow
    | StandingOrderRow
    | ExternalChannelRow
    | AccountRow
    | MandatoryRow
    | BuyerRow
    | TargetRow
    | RateRow
    | LedgerRow
    | RulesetRow
)

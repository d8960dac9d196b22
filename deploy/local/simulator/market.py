"""Who sells what: suppliers, agreements, catalogues, standing orders and external channels."""

from datetime import date

import msgspec

from deploy.local.simulator.wares import Outside, Ware


class Supplier(msgspec.Struct, frozen=True):
    """A seller; `exclusion` is set where all that it sells is outside of the base."""

    number: int
    supplier: str
    name: str
    identifiers: tuple[str, ...]
    ware: Ware | None
    outside: Outside | None = None
    punch_out: bool = False
    exclusion: str = ""

    @property
    def erp_number(self) -> str:
        return self.identifiers[0]

    @property
    def gln(self) -> str:
        return self.identifiers[1]

    @property
    def cvr(self) -> str:
        return self.identifiers[2]


class Item(msgspec.Struct, frozen=True):
    """A row of a catalogue; the price, in hundredths of the agreement's currency, is for `base_quantity` units."""

    item: str
    gtin: str | None
    name: str
    ware: Ware
    price_minor: int
    base_quantity: int
    orderable: bool


class Agreement(msgspec.Struct, frozen=True):
    """What one supplier may sell under agreed terms; a punch-out agreement has no catalogue here."""

    agreement: str
    catalogue: str
    supplier: Supplier
    title: str
    ware: Ware
    currency: str
    valid_from: date
    valid_to: date
    items: tuple[Item, ...]

    def holds(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_to


class StandingOrder(msgspec.Struct, frozen=True):
    standing_order: str
    agreement: Agreement
    unit: str


class ExternalChannel(msgspec.Struct, frozen=True):
    supplier: Supplier
    ware: Ware


class Market(msgspec.Struct, frozen=True):
    suppliers: tuple[Supplier, ...]
    agreements: tuple[Agreement, ...]
    standing_orders: dict[str, tuple[StandingOrder, ...]]
    external_channels: tuple[ExternalChannel, ...]
    by_ware: dict[str, tuple[Agreement, ...]]
    rivals: dict[str, tuple[Supplier, ...]]
    outside: dict[str, tuple[Supplier, ...]]
    excluded: tuple[Supplier, ...]

"""What a reference change touches: the purchases that may be judged differently, and no others need be judged again."""

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from models.facts import Category
from models.reference.categories import as_prefix, category_of, prefixes, significant
from models.reference.identifiers import comparable
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
    StandingOrderRow,
    SupplierRow,
    TargetRow,
    UnitRow,
)
from models.reference.snapshot import Snapshot


class Touched(msgspec.Struct, frozen=True):
    """Names on which something changed. Suppliers and units are ids and identifiers, CVR without DK."""

    everything: bool = False
    suppliers: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    """Prefixes."""
    under: frozenset[str] = frozenset()
    """Category prefixes: what lies under them is touched."""
    above: frozenset[str] = frozenset()
    """Categories, without trailing zeros, of which something more special was taken in or out of a catalogue."""
    currencies: frozenset[str] = frozenset()
    buyers: frozenset[str] = frozenset()
    targets: bool = False
    """Targets changed: no judgement does."""
    ledger: bool = False
    """Control totals changed: no judgement does."""

    @property
    def judgements(self) -> bool:
        """Can any judgement be touched at all?"""
        names = self.suppliers, self.units, self.accounts, self.under, self.above, self.currencies, self.buyers
        return self.everything or any(names)

    def touches(
        self,
        *,
        suppliers: Iterable[str] = (),
        units: Iterable[str] = (),
        accounts: Iterable[str] = (),
        categories: Iterable[Category] = (),
        currency: str = "DKK",
        buyer: str | None = None,
    ) -> bool:
        """May a purchase with these be judged differently now? Units need not be given with what is above them."""
        return (
            self.everything
            or currency in self.currencies
            or (buyer is not None and buyer in self.buyers)
            or any(comparable(one) in self.suppliers for one in suppliers)
            or any(comparable(one) in self.units for one in units)
            or any(account.startswith(prefix) for account in accounts for prefix in self.accounts)
            or any(self._touches_category(category) for category in categories)
        )

    def _touches_category(self, category: Category) -> bool:
        return significant(category) in self.above or not self.under.isdisjoint(prefixes(category))


EVERYTHING = Touched(everything=True, targets=True, ledger=True)
"""When the snapshot before is not known any more."""


def difference(old: Snapshot, new: Snapshot) -> Touched:
    """What changed between two snapshots. A table or a catalogue that both share costs nothing."""
    if old.ruleset_text != new.ruleset_text:
        return EVERYTHING
    changed = {row: _changed(old, new, row.table) for row in _SMALL_TABLES}
    items = _changed_items(old, new)
    if changed[UnitRow] and _all_roots(old) != _all_roots(new):
        return EVERYTHING
    return Touched(
        suppliers=frozenset(_suppliers((*(row for rows in changed.values() for row in rows), *items), old, new)),
        units=frozenset(_units(changed[UnitRow], old, new)),
        accounts=frozenset(row.account for row in changed[AccountRow] if isinstance(row, AccountRow)),
        under=frozenset(_prefixes((*changed[AgreementRow], *changed[MandatoryRow]))),
        above=frozenset(_held_differently(items)),
        currencies=frozenset(row.currency for row in changed[RateRow] if isinstance(row, RateRow)),
        buyers=frozenset(row.buyer for row in changed[BuyerRow] if isinstance(row, BuyerRow)),
        targets=bool(changed[TargetRow]),
        ledger=bool(changed[LedgerRow]),
    )


_SMALL_TABLES = (
    UnitRow,
    SupplierRow,
    AgreementRow,
    StandingOrderRow,
    ExternalChannelRow,
    AccountRow,
    MandatoryRow,
    BuyerRow,
    TargetRow,
    RateRow,
    LedgerRow,
)


def _changed(old: Snapshot, new: Snapshot, table: str) -> list[AnyRow]:
    """The rows of either that the other does not have."""
    before, after = old.tables.get(table, {}), new.tables.get(table, {})
    if before is after:
        return []
    gone = [row for key, row in before.items() if after.get(key) != row]
    return gone + [row for key, row in after.items() if before.get(key) != row]


def _changed_items(old: Snapshot, new: Snapshot) -> list[CatalogueRow]:
    changed: list[CatalogueRow] = []
    named = old.catalogues.keys() | new.catalogues.keys()
    other = [one for one in named if old.catalogues.get(one) is not new.catalogues.get(one)]
    for supplier in {snapshot.supplier_id((one,)) for one in other for snapshot in (old, new)}:
        was = {row.key: row for row in old.catalogue_of(supplier)}
        now = {row.key: row for row in new.catalogue_of(supplier)}
        changed += [row for key, row in was.items() if now.get(key) != row]
        changed += [row for key, row in now.items() if was.get(key) != row]
    return changed


def _suppliers(rows: Iterable[AnyRow], old: Snapshot, new: Snapshot) -> Iterator[str]:
    """The suppliers of the rows by every name they have or had: a purchase may state any of them."""
    names: dict[str, set[str]] = {}
    for row in (*old.rows(SupplierRow), *new.rows(SupplierRow)):
        own = {comparable(row.supplier), *map(comparable, row.identifiers)}
        for name in own:
            names.setdefault(name, set()).update(own)
    for stated in {row.supplier for row in rows if isinstance(row, _OF_SUPPLIERS)}:
        yield comparable(stated)
        yield from names.get(comparable(stated), ())


_OF_SUPPLIERS = (SupplierRow, AgreementRow, StandingOrderRow, ExternalChannelRow, CatalogueRow)


def _units(changed: Iterable[AnyRow], old: Snapshot, new: Snapshot) -> Iterator[str]:
    """The units of the rows and all under them at any time, with their identifiers."""
    below: dict[str, set[str]] = {}
    names: dict[str, set[str]] = {}
    for row in (*old.rows(UnitRow), *new.rows(UnitRow)):
        names.setdefault(row.unit, {comparable(row.unit)}).update(map(comparable, row.identifiers))
        if row.parent:
            below.setdefault(row.parent, set()).add(row.unit)
    waiting = [row.unit for row in changed if isinstance(row, UnitRow)]
    seen: set[str] = set()
    while waiting:
        unit = waiting.pop()
        if unit not in seen:
            seen.add(unit)
            waiting += below.get(unit, ())
            yield from names[unit]


def _all_roots(snapshot: Snapshot) -> set[tuple[str, date | None, date | None]]:
    """A unit that nobody knows counts under the root of its day."""
    return {(row.unit, row.valid_from, row.valid_to) for row in snapshot.rows(UnitRow) if row.parent is None}


def _prefixes(rows: Iterable[AnyRow]) -> Iterator[str]:
    for row in rows:
        if isinstance(row, AgreementRow):
            yield from map(as_prefix, row.categories)
        elif isinstance(row, MandatoryRow):
            yield as_prefix(row.category)


def _held_differently(rows: Iterable[CatalogueRow]) -> Iterator[str]:
    """Prefixes of categories whose items changed in what holds them: not a price or a name alone."""
    times: dict[tuple[object, ...], list[str]] = {}
    for row in rows:
        if row.category and row.orderable:
            what = row.key, row.category, row.valid_from, row.valid_to
            times.setdefault(what, []).append(row.category)
    for categories in times.values():
        if len(categories) == 1:
            yield from prefixes(category_of(categories[0]))

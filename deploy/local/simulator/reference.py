"""Writes the municipality's reference data as the CSV folder of contract.md."""

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from deploy.local.simulator import ledger, shopping
from deploy.local.simulator.books import together
from deploy.local.simulator.chance import chance
from deploy.local.simulator.story import past
from deploy.local.simulator.targets import targets
from deploy.local.simulator.town import Town, found
from deploy.local.simulator.wares import WARES
from deploy.local.simulator.wire import decimal_text

Row = tuple[object, ...]

MOVED_UNITS = 8
LONG_AGO = timedelta(days=5 * 365)
EXCLUDED_ACCOUNTS = (("8.21", "grant"), ("8.31", "internal"), ("8.41", "tax_or_duty"))
MANDATORY = ("UNSPSC:1411", "UNSPSC:4412", "UNSPSC:4713", "UNSPSC:4321", "UNSPSC:5013", "UNSPSC:5030", "UNSPSC:5610")
LAW = "Byrådets liste over pligtig e-handel"
COLUMNS: dict[str, str] = {
    "units": "unit,name,level,parent,identifiers,valid_from,valid_to,manager_email,peer_group,fte",
    "suppliers": "supplier,name,identifiers,punch_out,exclusion",
    "agreements": "agreement,supplier,title,categories,valid_from,valid_to",
    "catalogue": "catalogue,supplier,item,gtin,name,category,price,currency,unit,base_quantity,orderable,agreement,"
    "valid_from,valid_to",
    "standing_orders": "standing_order,supplier,unit,valid_from,valid_to",
    "external_channels": "supplier,categories,valid_from,valid_to,attested_by",
    "accounts": "account,category,exclusion,valid_from,valid_to",
    "mandatory": "category,valid_from,valid_to,source",
    "buyers": "buyer,unit,certified_from,certified_until",
    "targets": "unit,figure,valid_from,valid_to,target,decided_by",
    "rates": "currency,day,rate",
    "ledger": "unit,day,documents,amount",
}


def write_reference(
    directory: Path, seed: int, *, now: datetime, purchases: int, booked_since: ledger.Totals | None = None
) -> dict[str, int]:
    """Write all files for a history that ends `now`; gives the number of rows of each.

    `booked_since` are the control totals of what was sent after the history.
    """
    town = found(seed, now)
    directory.mkdir(parents=True, exist_ok=True)
    rows: dict[str, Iterable[Row]] = {table: made(town) for table, made in TABLES.items()}
    rows["ledger"] = ledger_rows(ledger.booked(town, together(ledger.sent(past(town, purchases)), booked_since or {})))
    return {table: _write(directory / f"{table}.csv", COLUMNS[table], rows[table]) for table in COLUMNS}


def ledger_rows(totals: ledger.Totals) -> Iterator[Row]:
    for (unit, day), (documents, amount_ore) in sorted(totals.items()):
        yield unit, day, documents, decimal_text(amount_ore)


def _write(path: Path, columns: str, rows: Iterable[Row]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns.split(","))
        for count, row in enumerate(rows, 1):  # noqa: B007 - the last one is the number of rows
            writer.writerow("" if field is None else field for field in row)
    return count


def _units(town: Town) -> Iterator[Row]:
    since = town.first_day - LONG_AGO
    moved = _moves(town)
    for unit in town.units:
        email = f"leder.{unit.unit.lower()}@nordhavre.example"
        codes = ";".join(unit.identifiers)
        rest = (email, unit.peer_group, unit.fte)
        if unit.unit in moved:
            parent, day = moved[unit.unit]
            yield unit.unit, unit.name, unit.level, parent, codes, since, day - timedelta(days=1), *rest
            yield unit.unit, unit.name, unit.level, unit.parent, codes, day, None, *rest
        else:
            yield unit.unit, unit.name, unit.level, unit.parent, codes, since, None, *rest


def _moves(town: Town) -> dict[str, tuple[str, date]]:
    """Institutions that came from another area of their department, and since when they are where they are."""
    random = chance(town.seed, "moves")
    moved = random.sample([unit for unit in town.units if unit.level == "institution"], MOVED_UNITS)
    span = (town.last_day - town.first_day).days
    return {
        unit.unit: (
            random.choice([area.unit for area in town.units if area.parent == unit.department != unit.unit]),
            town.first_day + timedelta(days=random.randrange(span // 3, span - 30)),
        )
        for unit in moved
    }


def _suppliers(town: Town) -> Iterator[Row]:
    for one in town.market.suppliers:
        yield one.supplier, one.name, ";".join(one.identifiers), _truth(holds=one.punch_out), one.exclusion


def _agreements(town: Town) -> Iterator[Row]:
    for one in town.market.agreements:
        categories = _category(one.ware.prefix)
        yield one.agreement, one.supplier.supplier, one.title, categories, one.valid_from, one.valid_to


def _catalogue(town: Town) -> Iterator[Row]:
    for one in town.market.agreements:
        for item in one.items:
            yield (
                one.catalogue,
                one.supplier.supplier,
                item.item,
                item.gtin,
                item.name,
                _category(item.ware.code),
                decimal_text(item.price_minor),
                one.currency,
                item.ware.unit,
                item.base_quantity,
                _truth(holds=item.orderable),
                one.agreement,
                one.valid_from,
                one.valid_to,
            )


def _standing_orders(town: Town) -> Iterator[Row]:
    for those in town.market.standing_orders.values():
        for one in those:
            dates = (one.agreement.valid_from, one.agreement.valid_to)
            yield one.standing_order, one.agreement.supplier.supplier, one.unit, *dates


def _external_channels(town: Town) -> Iterator[Row]:
    last = date(town.last_day.year + 2, 12, 31)
    for one in town.market.external_channels:
        yield one.supplier.supplier, _category(one.ware.prefix), town.first_day, last, "Indkøbskontoret"


def _accounts(town: Town) -> Iterator[Row]:
    since = town.first_day - LONG_AGO
    for ware in WARES:
        yield shopping.ACCOUNTS[ware.code], _category(ware.code), None, since, None
    for prefix, exclusion in EXCLUDED_ACCOUNTS:
        yield prefix, None, exclusion, since, None


def _mandatory(town: Town) -> Iterator[Row]:
    middle = town.first_day + (town.last_day - town.first_day) / 2
    for place, category in enumerate(MANDATORY):
        yield category, town.first_day if place % 2 == 0 else middle, None, LAW


def _buyers(town: Town) -> Iterator[Row]:
    for one in town.buyers:
        yield one.buyer, one.unit, one.certified_from, one.certified_until


def _targets(town: Town) -> Iterator[Row]:
    for one in targets(town):
        yield one.unit, one.figure, one.valid_from, one.valid_to, one.target, one.decided_by


def _rates(town: Town) -> Iterator[Row]:
    for (currency, day), rate in town.rates.items():
        yield currency, day, rate


def _category(code: str) -> str:
    return f"UNSPSC:{code}"


def _truth(*, holds: bool) -> str:
    return "true" if holds else "false"


TABLES: dict[str, Callable[[Town], Iterator[Row]]] = {
    "units": _units,
    "suppliers": _suppliers,
    "agreements": _agreements,
    "catalogue": _catalogue,
    "standing_orders": _standing_orders,
    "external_channels": _external_channels,
    "accounts": _accounts,
    "mandatory": _mandatory,
    "buyers": _buyers,
    "targets": _targets,
    "rates": _rates,
}

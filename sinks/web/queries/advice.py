"""What would have made a purchase's lines catalogue e-trade, by the rules that hold and what the database knows of it."""

from collections.abc import Iterator
from datetime import date

import msgspec
from sqlalchemy import Connection, or_, select

from models.facts import Content, Line
from models.judgement import JudgedLine, Judgement
from models.reference.build import snapshot_of
from models.reference.categories import category_of
from models.reference.rows import AnyRow, Level, SupplierRow, UnitRow
from models.reference.snapshot import Snapshot
from models.reference.tables import ROWS
from models.rules.advice import Advice, advice
from models.rules.case import LineCase, PurchaseCase
from models.rules.ruleset import Ruleset
from models.vocabulary import Outcome
from sinks.database.schema import reference_rows, suppliers, units
from sinks.web.queries.quoted import TABLES

KINDS = {"order": "order", "frame": "frame", "frame_invoice": "frame", "invoice": "invoice"}


class LineAdvice(msgspec.Struct, frozen=True):
    """A line that no catalogue rule takes, and what each of them lacks."""

    line: str
    rules: tuple[Advice, ...]


def read_advice(connection: Connection, judgement: Judgement, *, ruleset: Ruleset) -> dict[str, LineAdvice]:
    """Each line that is off-channel or in review, by its id; nothing of a void purchase or a refund."""
    if judgement.kind not in KINDS or not _open(judgement):
        return {}
    return advice_by_line(judgement, snapshot=snapshot_of(_rows(connection, judgement)), ruleset=ruleset)


def advice_by_line(judgement: Judgement, *, snapshot: Snapshot, ruleset: Ruleset) -> dict[str, LineAdvice]:
    """The same by a snapshot that holds what there is of the purchase's supplier, items and unit."""
    lines = _open(judgement)
    told = (LineAdvice(line.line, advice(_case(judgement, line, snapshot, ruleset), ruleset)) for line in lines)
    return {each.line: each for each in told if each.rules}


def _open(judgement: Judgement) -> list[JudgedLine]:
    return [line for line in judgement.lines if line.outcome in (Outcome.OFF_CHANNEL, Outcome.REVIEW)]


def _case(judgement: Judgement, line: JudgedLine, snapshot: Snapshot, ruleset: Ruleset) -> LineCase:
    said, stated = line.evidence, judgement.evidence
    asked = Line(
        line.line,
        line.amount_ore or 0,
        item=line.item,
        gtin=said.get("gtin"),
        catalogue=said.get("catalogue_named"),
        description=line.description,
        category=category_of(line.category) if line.category else None,
        agreement=said.get("agreement_named"),
    )
    content = Content(
        units=(judgement.unit,),
        suppliers=(judgement.supplier,),
        lines=(asked,),
        channel=stated.get("stated_channel"),
        order_agreement="profile" in said,
        agreement=stated.get("agreement_named"),
        standing_order=stated.get("standing_order_named"),
        requisition=said.get("requisition"),
        punch_out=stated.get("punch_out"),
    )
    purchase = PurchaseCase(
        kind=KINDS[judgement.kind],
        source="",
        day=judgement.day,
        unit=judgement.unit,
        supplier=judgement.supplier,
        content=content,
        snapshot=snapshot,
        settings=ruleset.settings,
        seen_on=date.fromisoformat(said["seen_on"]) if "seen_on" in said else None,
        seen_by=said.get("seen_by", ""),
        order_named=judgement.order,
    )
    return LineCase(purchase, asked)


def _rows(connection: Connection, judgement: Judgement) -> Iterator[AnyRow]:
    """The rows that speak of this supplier and these items, and the unit's."""
    supplier = (
        connection.execute(select(suppliers).where(suppliers.c.supplier == judgement.supplier)).mappings().first()
    )
    ids = [judgement.supplier, *(supplier["identifiers"] if supplier else ())]
    if supplier is not None:
        yield msgspec.convert({str(name): value for name, value in supplier.items()}, SupplierRow)
    table = reference_rows.c
    items = [line.item for line in judgement.lines if line.item]
    gtins = [line.evidence["gtin"] for line in judgement.lines if "gtin" in line.evidence]
    wanted = or_(table.of.in_(TABLES - {"catalogue"}), table.item.in_(items))
    if gtins:
        wanted = or_(wanted, table.body["gtin"].astext.in_(gtins))
    for row in connection.execute(select(reference_rows).where(table.supplier.in_(ids), wanted)).mappings():
        yield msgspec.convert(row["body"], ROWS[row["of"]])
    yield from _chain(connection, judgement.unit)


def _chain(connection: Connection, unit: str) -> Iterator[UnitRow]:
    """The unit and all that ever stood above it: a standing order may be registered for its department."""
    seen: set[str] = set()
    wanted = {unit}
    while wanted:
        seen |= wanted
        rows = connection.execute(select(units).where(units.c.unit.in_(wanted))).all()
        for row in rows:
            yield UnitRow(
                row.unit, row.name, Level(row.level), row.parent, valid_from=row.valid_from, valid_to=row.valid_to
            )
        wanted = {row.parent for row in rows if row.parent} - seen

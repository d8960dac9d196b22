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
    """Each line that is off-channel or in review, by its id; nothing of a void purchase or a refund.

    The database keeps of the event what the evidence says; `explain --advice` looks at the event itself.
    """
    lines = [line for line in judgement.lines if line.outcome in (Outcome.OFF_CHANNEL, Outcome.REVIEW)]
    if not lines or judgement.kind not in KINDS:
        return {}
    snapshot = snapshot_of(_rows(connection, judgement))
    told = (LineAdvice(line.line, advice(_case(judgement, line, snapshot, ruleset), ruleset)) for line in lines)
    return {each.line: each for each in told if each.rules}


def _case(judgement: Judgement, line: JudgedLine, snapshot: Snapshot, ruleset: Ruleset) -> LineCase:
    said = line.evidence
    category = category_of(line.category) if line.category else None
    asked = Line(line.line, line.amount_ore or 0, item=line.item, category=category, description=line.description)
    content = Content(
        units=(judgement.unit,),
        suppliers=(judgement.supplier,),
        lines=(asked,),
        channel=said.get("stated_channel"),
        order_agreement="profile" in said,
        punch_out=said.get("punch_out"),
        requisition=said.get("requisition"),
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
    wanted = or_(table.of.in_(TABLES - {"catalogue"}), table.item.in_(items))
    for row in connection.execute(select(reference_rows).where(table.supplier.in_(ids), wanted)).mappings():
        yield msgspec.convert(row["body"], ROWS[row["of"]])
    for row in connection.execute(select(units).where(units.c.unit == judgement.unit)).mappings():
        yield UnitRow(row["unit"], row["name"], Level(row["level"]), row["parent"])

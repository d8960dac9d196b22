"""Cases for the judge, each with defaults that make it an item of the catalogue under an agreement."""

from datetime import date
from typing import Any

from models.facts import Line
from models.reference.build import snapshot_of
from models.reference.rows import AnyRow
from models.rules.case import LineCase, PurchaseCase
from models.rules.judge import Judge
from models.rules.settings import RuleSettings
from tests.builders import DAY, ERP, REFERENCE, content, default_judge, line


def case(
    of: Line | None = None,
    *rows: AnyRow,
    kind: str = "order",
    without: tuple[type, ...] = (),
    settings: RuleSettings | None = None,
    seen_on: date | None = None,
    order_named: str | None = None,
    order_day: date | None = None,
    supplier: str = "S1",
    **more: Any,
) -> LineCase:
    """A line of a purchase of school U1."""
    named = {row.key for row in rows}
    kept = [row for row in REFERENCE if not isinstance(row, without) and row.key not in named]
    purchase = PurchaseCase(
        kind=kind,
        source=ERP,
        day=DAY,
        unit="U1",
        supplier=supplier,
        content=content([of or line()], supplier=supplier, **more),
        snapshot=snapshot_of([*kept, *rows]),
        settings=settings or default_judge().settings,
        seen_on=seen_on,
        order_named=order_named,
        order_day=order_day,
    )
    return LineCase(purchase, purchase.content.lines[0])


def rule_of(of: LineCase, judge: Judge | None = None) -> str:
    """The rule that decides the line."""
    return (judge or default_judge()).line(of)[0].rule

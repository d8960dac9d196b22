"""Material of a small municipality, with defaults."""

from datetime import date
from typing import Any

from models.measures import MEASURES
from models.reference.rows import Level, UnitRow
from models.reference.tree import UnitTree
from models.tally.figures import Control
from models.tally.report import UnitReport
from sinks.reports.material import Material
from sinks.reports.month import Month
from sinks.reports.monthly import reports_of
from sinks.reports.ranking import Limits

OCTOBER = Month.parse("2026-10")


def unit(unit_id: str, parent: str | None = "M-1", **more: Any) -> UnitRow:
    level = Level.INSTITUTION if parent else Level.MUNICIPALITY
    return UnitRow(**{"unit": unit_id, "name": f"Enhed {unit_id}", "level": level, "parent": parent} | more)


def bought(catalogue: int = 0, off: int = 0, review: int = 0, count: int = 20, **more: int) -> dict[str, int]:
    named = {"catalogue_ore": catalogue, "off_channel_ore": off, "review_ore": review, "catalogue_count": count}
    return dict.fromkeys(MEASURES, 0) | named | more


def material(*rows: UnitRow, now: dict[str, dict[str, int]], **more: Any) -> Material:
    fields: dict[str, Any] = {
        "before": {},
        "controls": {},
        "targets": {},
        "frozen_before": {},
        "gain_per_invoice_ore": 6200,
    }
    return Material(month=OCTOBER, tree=UnitTree(rows), now=now, **fields | more)


def made(what: Material, limits: Limits | None = None) -> dict[str, UnitReport]:
    found = reports_of(what, generation=1, frozen_at="2026-11-01T06:00:00Z", limits=limits or Limits())
    return {report.unit: report for report in found}


def control(documents: int, amount_ore: int, seen_ore: int) -> Control:
    return Control(seen_documents=documents, seen_ore=seen_ore, documents=documents, amount_ore=amount_ore)


def day(text: str) -> date:
    return date.fromisoformat(text)

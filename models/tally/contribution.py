"""What a purchase contributes to the cells of unit and day: amounts by line, counts by purchase (domain.md, Figures)."""

from datetime import date
from functools import lru_cache
from urllib.parse import quote, unquote

import msgspec

from models.judgement import JudgedLine, Judgement
from models.measures import PLACE
from models.rules.marks import Marks
from models.vocabulary import Channel, Outcome

Contribution = dict[str, dict[int, int]]

_ORE = {word: f"{word.value}_ore" for word in (*Outcome, *Channel)}
_COUNT = {word: f"{word.value}_count" for word in (*Outcome, *Channel)}
_IN_BASE = frozenset({Outcome.CATALOGUE, Outcome.OFF_CHANNEL})
_COUNTED = frozenset({Outcome.CATALOGUE, Outcome.OFF_CHANNEL, Outcome.REVIEW, Outcome.EXCLUDED})


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """A judged purchase with all that the figures ask of it."""

    judgement: Judgement
    marks: tuple[Marks, ...]
    test: bool
    is_order: bool
    order_day: date | None
    """Of an invoice: the day of the order it stands under; None without an order."""
    certified: bool | None
    """Was the buyer certified on the day? None without a buyer."""
    documents: tuple[tuple[str, str, str, date, int], ...]
    """Invoices and credit notes: kind, root, unit, day of issue, amount in øre."""


@lru_cache(maxsize=65_536)
def cell_key(root: str, unit: str, day: date) -> str:
    """`root|unit|day`, each part percent-encoded."""
    return f"{quote(root, safe='')}|{quote(unit, safe='')}|{day}"


def cell_parts(key: str) -> tuple[str, str, date]:
    """Root, unit and day of a cell's key."""
    root, unit, day = key.split("|")
    return unquote(root), unquote(unit), date.fromisoformat(day)


class _Cells:
    def __init__(self) -> None:
        self.cells: Contribution = {}

    def add(self, cell: str, name: str, value: int) -> None:
        if value:
            measures = self.cells.get(cell)
            if measures is None:
                measures = self.cells[cell] = {}
            place = PLACE[name]
            measures[place] = measures.get(place, 0) + value


def contribution_of(counted: Counted) -> Contribution:
    """The purchase's cells; a test source, and a void purchase without documents, have none."""
    cells = _Cells()
    if not counted.test:
        judgement = counted.judgement
        if judgement.tallied and judgement.outcome in _COUNTED:
            cell = cell_key(judgement.root, judgement.unit, judgement.day)
            for line, marks in zip(judgement.lines, counted.marks, strict=True):
                _add_line(cells, cell, line, marks)
            _add_purchase(cells, cell, counted)
        _add_documents(cells, counted)
    return {key: measures for key, measures in cells.cells.items() if any(measures.values())}


def _add_line(cells: _Cells, cell: str, line: JudgedLine, marks: Marks) -> None:
    amount, outcome = line.amount_ore or 0, line.outcome
    if outcome is Outcome.VOID:
        return
    cells.add(cell, _ORE[outcome], amount)
    if outcome in _IN_BASE:
        cells.add(cell, _ORE[line.channel], amount)
        if marks.digital:
            cells.add(cell, "digital_ore", amount)
        if marks.mandatory:
            cells.add(cell, "mandatory_base_ore", amount)
            cells.add(cell, "mandatory_digital_ore", amount if marks.digital else 0)
    if outcome is Outcome.OFF_CHANNEL:
        cells.add(cell, "avoidable_ore" if line.avoidable else "uncovered_ore", amount)
    _add_compliance(cells, cell, amount, marks)


def _add_compliance(cells: _Cells, cell: str, amount: int, marks: Marks) -> None:
    if marks.agreement_base:
        cells.add(cell, "agreement_base_ore", amount)
    if marks.supplier_compliant:
        cells.add(cell, "supplier_compliant_ore", amount)
    if marks.item_compliant:
        cells.add(cell, "item_compliant_ore", amount)
    if marks.uncategorised:
        cells.add(cell, "uncategorised_ore", amount)
    if marks.price_complies is not None:
        cells.add(cell, "price_base_lines", 1)
        cells.add(cell, "price_compliant_lines", int(marks.price_complies))


def _add_purchase(cells: _Cells, cell: str, counted: Counted) -> None:
    judgement, outcome = counted.judgement, counted.judgement.outcome
    cells.add(cell, _COUNT[outcome], 1)
    cells.add(cell, "no_rate_count", int("no_rate" in judgement.flags))
    cells.add(cell, "invoiced_ore", judgement.invoiced_ore)
    if outcome in _IN_BASE:
        cells.add(cell, _COUNT[judgement.channel], 1)
        cells.add(cell, "digital_count", int(_telling(counted).digital))
    if outcome is Outcome.OFF_CHANNEL:
        avoidable = any(line.avoidable for line in judgement.lines if line.channel is judgement.channel)
        cells.add(cell, "avoidable_count" if avoidable else "uncovered_count", 1)
    if counted.certified is not None and counted.is_order and outcome is not Outcome.EXCLUDED:
        cells.add(cell, "orders_with_buyer", 1)
        cells.add(cell, "certified_orders", int(counted.certified))


def _telling(counted: Counted) -> Marks:
    """The marks of the first line that has the purchase's own outcome and channel."""
    judgement = counted.judgement
    return next(
        marks
        for line, marks in zip(judgement.lines, counted.marks, strict=True)
        if line.outcome is judgement.outcome and line.channel is judgement.channel
    )


def _add_documents(cells: _Cells, counted: Counted) -> None:
    for kind, root, unit, day, amount in counted.documents:
        cell = cell_key(root, unit, day)
        cells.add(cell, "seen_documents", 1)
        cells.add(cell, "seen_ore", amount)
        if kind == "invoice":
            cells.add(cell, "all_invoices", 1)
            known = counted.order_day is not None and counted.order_day <= day
            cells.add(cell, "matched_invoices", int(known))
            outcome = counted.judgement.outcome
            cells.add(cell, "catalogue_invoices", int(outcome is Outcome.CATALOGUE))
            cells.add(cell, "off_channel_invoices", int(outcome is Outcome.OFF_CHANNEL))


def add_to(change: Contribution, more: Contribution) -> None:
    """Add a change to another, in place."""
    for cell, measures in more.items():
        mine = change.setdefault(cell, {})
        for place, value in measures.items():
            mine[place] = mine.get(place, 0) + value


def difference(new: Contribution, old: Contribution) -> Contribution:
    """New less old, without zeros."""
    result: Contribution = {}
    for cell in new.keys() | old.keys():
        after, before = new.get(cell, {}), old.get(cell, {})
        delta = {place: after.get(place, 0) - before.get(place, 0) for place in after.keys() | before.keys()}
        changed = {place: value for place, value in sorted(delta.items()) if value}
        if changed:
            result[cell] = changed
    return result

"""What a purchase contributes to the cells of unit and day: amounts by line, counts by purchase (domain.md, Figures)."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from urllib.parse import quote, unquote

from models.judgement import Document, JudgedLine, Judgement, Marks
from models.measures import PLACE
from models.vocabulary import Channel, Outcome

Contribution = dict[str, dict[int | str, int]]
"""What a purchase adds to the cells, `root|unit|day` (each part percent-encoded): by place of the measure its value, and
by the buyer's pseudonym the purchases that count."""

_Cell = defaultdict[int, int]
_Cells = dict[str, _Cell]
_ORE = {word: PLACE[f"{word.value}_ore"] for word in (*Outcome, *Channel) if f"{word.value}_ore" in PLACE}
_COUNT = {word: PLACE[f"{word.value}_count"] for word in (*Outcome, *Channel) if f"{word.value}_count" in PLACE}
_DIGITAL_ORE = PLACE["digital_ore"]
_MANDATORY_BASE_ORE = PLACE["mandatory_base_ore"]
_MANDATORY_DIGITAL_ORE = PLACE["mandatory_digital_ore"]
_AVOIDABLE_ORE = PLACE["avoidable_ore"]
_UNCOVERED_ORE = PLACE["uncovered_ore"]
_AGREEMENT_BASE_ORE = PLACE["agreement_base_ore"]
_SUPPLIER_COMPLIANT_ORE = PLACE["supplier_compliant_ore"]
_ITEM_COMPLIANT_ORE = PLACE["item_compliant_ore"]
_UNCATEGORISED_ORE = PLACE["uncategorised_ore"]
_PRICE_BASE_LINES = PLACE["price_base_lines"]
_PRICE_COMPLIANT_LINES = PLACE["price_compliant_lines"]
_NO_RATE_COUNT = PLACE["no_rate_count"]
_INVOICED_ORE = PLACE["invoiced_ore"]
_DIGITAL_COUNT = PLACE["digital_count"]
_AVOIDABLE_COUNT = PLACE["avoidable_count"]
_UNCOVERED_COUNT = PLACE["uncovered_count"]
_ORDERS_WITH_BUYER = PLACE["orders_with_buyer"]
_CERTIFIED_ORDERS = PLACE["certified_orders"]
_SEEN_DOCUMENTS = PLACE["seen_documents"]
_SEEN_ORE = PLACE["seen_ore"]
_ALL_INVOICES = PLACE["all_invoices"]
_MATCHED_INVOICES = PLACE["matched_invoices"]
_CATALOGUE_INVOICES = PLACE["catalogue_invoices"]
_OFF_CHANNEL_INVOICES = PLACE["off_channel_invoices"]
_IN_BASE = frozenset({Outcome.CATALOGUE, Outcome.OFF_CHANNEL})
_COUNTED = frozenset({Outcome.CATALOGUE, Outcome.OFF_CHANNEL, Outcome.REVIEW, Outcome.EXCLUDED})
_BOUGHT = _IN_BASE | {Outcome.REVIEW}


@lru_cache(maxsize=65_536)
def cell_key(root: str, unit: str, day: date) -> str:
    """`root|unit|day`, each part percent-encoded."""
    return f"{_quoted(root)}|{_quoted(unit)}|{day}"


@lru_cache(maxsize=16_384)
def _quoted(part: str) -> str:
    return quote(part, safe="")


def cell_parts(key: str) -> tuple[str, str, date]:
    """Root, unit and day of a cell's key."""
    root, unit, day = key.split("|")
    return unquote(root), unquote(unit), date.fromisoformat(day)


def contribution_of(judgement: Judgement, *, buyer: str | None) -> Contribution:
    """The purchase's cells, with its buyer's pseudonym; a test source, and a void purchase without documents, have none."""
    cells: _Cells = {}
    counts = judgement.tallied and judgement.outcome in _COUNTED
    if counts:
        cells[cell_key(judgement.root, judgement.unit, judgement.day)] = _own_measures(judgement)
    for document in judgement.documents:
        _add_document(cells, document, judgement.outcome)
    told: Contribution = {name: filled for name, cell in cells.items() if (filled := _filled(cell))}
    if buyer is not None and counts and judgement.outcome in _BOUGHT:
        told[cell_key(judgement.root, judgement.unit, judgement.day)][buyer] = 1
    return told


def own_measures(judgement: Judgement) -> Mapping[int, int]:
    """What the purchase counts as on its own day, without its documents: by place of the measure its value."""
    return _own_measures(judgement) if judgement.tallied and judgement.outcome in _COUNTED else {}


def _own_measures(judgement: Judgement) -> _Cell:
    cell: _Cell = defaultdict(int)
    for line in judgement.lines:
        if line.outcome is not Outcome.VOID:
            _add_line(cell, line, line.marks)
    _add_purchase(cell, judgement)
    return cell


def _filled(cell: _Cell) -> dict[int | str, int]:
    return {place: cell[place] for place in sorted(cell) if cell[place]}


def _add_line(cell: _Cell, line: JudgedLine, marks: Marks) -> None:
    amount, outcome = line.amount_ore or 0, line.outcome
    cell[_ORE[outcome]] += amount
    if outcome in _IN_BASE:
        cell[_ORE[line.channel]] += amount
        if marks.digital:
            cell[_DIGITAL_ORE] += amount
        if marks.mandatory:
            cell[_MANDATORY_BASE_ORE] += amount
            cell[_MANDATORY_DIGITAL_ORE] += amount if marks.digital else 0
    if outcome is Outcome.OFF_CHANNEL:
        cell[_AVOIDABLE_ORE if line.avoidable else _UNCOVERED_ORE] += amount
    _add_compliance(cell, amount, marks)


def _add_compliance(cell: _Cell, amount: int, marks: Marks) -> None:
    if marks.agreement_base:
        cell[_AGREEMENT_BASE_ORE] += amount
    if marks.supplier_compliant:
        cell[_SUPPLIER_COMPLIANT_ORE] += amount
    if marks.item_compliant:
        cell[_ITEM_COMPLIANT_ORE] += amount
    if marks.uncategorised:
        cell[_UNCATEGORISED_ORE] += amount
    if marks.price_complies is not None:
        cell[_PRICE_BASE_LINES] += 1
        cell[_PRICE_COMPLIANT_LINES] += marks.price_complies


def _add_purchase(cell: _Cell, judgement: Judgement) -> None:
    outcome = judgement.outcome
    cell[_COUNT[outcome]] += 1
    cell[_NO_RATE_COUNT] += "no_rate" in judgement.flags
    cell[_INVOICED_ORE] += judgement.invoiced_ore
    if outcome in _IN_BASE:
        cell[_COUNT[judgement.channel]] += 1
        cell[_DIGITAL_COUNT] += _telling(judgement).digital
    if outcome is Outcome.OFF_CHANNEL:
        avoidable = any(line.avoidable for line in judgement.lines if line.channel is judgement.channel)
        cell[_AVOIDABLE_COUNT if avoidable else _UNCOVERED_COUNT] += 1
    if judgement.certified is not None and judgement.kind == "order" and outcome is not Outcome.EXCLUDED:
        cell[_ORDERS_WITH_BUYER] += 1
        cell[_CERTIFIED_ORDERS] += judgement.certified


def _telling(judgement: Judgement) -> Marks:
    """The marks of the first line that has the purchase's own outcome and channel."""
    for line in judgement.lines:
        if line.outcome is judgement.outcome and line.channel is judgement.channel:
            return line.marks
    raise AssertionError("a purchase has the outcome and channel of one of its lines")


def _add_document(cells: _Cells, document: Document, outcome: Outcome) -> None:
    name = cell_key(document.root, document.unit, document.day)
    cell = cells.get(name)
    if cell is None:
        cell = cells[name] = defaultdict(int)
    cell[_SEEN_DOCUMENTS] += 1
    cell[_SEEN_ORE] += document.amount_ore
    if document.kind == "invoice":
        cell[_ALL_INVOICES] += 1
        cell[_MATCHED_INVOICES] += document.matched
        cell[_CATALOGUE_INVOICES] += outcome is Outcome.CATALOGUE
        cell[_OFF_CHANNEL_INVOICES] += outcome is Outcome.OFF_CHANNEL


def add_to(change: Contribution, more: Contribution) -> None:
    """Add a change to another, in place."""
    for cell, measures in more.items():
        mine = change.get(cell)
        if mine is None:
            change[cell] = {**measures}
            continue
        for place, value in measures.items():
            mine[place] = mine.get(place, 0) + value


def add(measures: list[int], buyers: dict[str, int], change: Mapping[int | str, int]) -> None:
    """Add a cell's change to its measures and its buyers, in place; a buyer of nothing any more is gone."""
    for place, value in change.items():
        if isinstance(place, int):
            measures[place] += value
        elif left := buyers.get(place, 0) + value:
            buyers[place] = left
        else:
            buyers.pop(place, None)


def difference(new: Contribution, old: Contribution) -> Contribution:
    """New less old, without zeros."""
    if not old or new == old:
        return {} if old else new
    result: Contribution = {}
    for cell in new.keys() | old.keys():
        after, before = new.get(cell, {}), old.get(cell, {})
        if after == before:
            continue
        delta = {place: after.get(place, 0) - before.get(place, 0) for place in after.keys() | before.keys()}
        changed = {place: value for place, value in delta.items() if value}
        if changed:
            result[cell] = changed
    return result

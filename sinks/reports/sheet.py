"""A month's reports as CSV, one row a unit: opens in a spreadsheet, and no text in it can act as a formula."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from models.tally.report import UnitReport
from sinks.web.language import Language

BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
FACTS = ("month", "unit", "name", "level", "parent", "peer_group")
PEERS = ("rank", "ranked", "peers", "peer_median", "not_ranked")
AMOUNTS = ("catalogue_ore", "off_channel_ore", "review_ore", "avoidable_ore", "uncovered_ore")
FIGURE = ("", "_numerator", "_denominator", "_target", "_distance", "_change")


def written(made: Sequence[UnitReport], *, language: Language) -> str:
    """Danish: semicolons and decimal comma; English: commas and decimal point. Column names are the same in both."""
    danish = language is Language.DANISH
    out = StringIO()
    writer = csv.writer(out, delimiter=";" if danish else ",", lineterminator="\r\n")
    names = list(made[0].figures) if made else []
    writer.writerow([*FACTS, *(f"{name}{part}" for name in names for part in FIGURE), *PEERS, *AMOUNTS, "gain_ore"])
    for report in made:
        writer.writerow([_cell(value, danish=danish) for value in _values(report, names)])
    return BYTE_ORDER_MARK + out.getvalue()


def safe(text: str) -> str:
    """Text that a spreadsheet would take for a formula begins with an apostrophe instead."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _values(report: UnitReport, names: Iterable[str]) -> Iterable[object]:
    yield from (report.month, report.unit, report.name, report.level, report.parent, report.peer_group)
    for name in names:
        one = report.figures[name]
        yield from (one.value, one.numerator, one.denominator, one.target, one.distance, one.change)
    peers = report.peers
    yield from (peers.rank, peers.ranked, peers.units, peers.median, peers.unranked and peers.unranked.value)
    yield from (report.measures[name] for name in AMOUNTS)
    yield report.gain_ore


def _cell(value: object, *, danish: bool) -> object:
    if isinstance(value, float):
        text = f"{value:.6f}"
        return text.replace(".", ",") if danish else text
    return safe(value) if isinstance(value, str) else value

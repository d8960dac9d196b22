"""A month's reports as CSV for people, one row a unit: it opens in a spreadsheet, and no text in it can act as a formula.

Rates are per cent, differences percentage points, amounts kroner; programs read `compliance.reports` instead.
"""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

from models.tally.report import Reported, UnitReport
from sinks.reports.texts import counts, name_of, text
from sinks.web.language import Language
from sinks.web.words import Words

BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
FACTS = ("month", "unit_id", "unit", "level", "belongs_to", "peer_group")
PEERS = ("placed", "placed_of", "peers_count", "peer_median", "not_placed")
AMOUNTS = ("catalogue_ore", "off_channel_ore", "review_ore", "avoidable_ore", "uncovered_ore")


def written(made: Sequence[UnitReport], *, language: Language) -> str:
    """Danish: semicolons and decimal comma; English: commas and decimal point; headings and codes in words."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";" if language is Language.DANISH else ",", lineterminator="\r\n")
    names = list(made[0].figures) if made else []
    writer.writerow(_headings(names, language))
    words = Words(language=language, reasons={})
    for report in made:
        writer.writerow([_cell(value, language) for value in _values(report, names, words)])
    return BYTE_ORDER_MARK + out.getvalue()


def safe(text: str) -> str:
    """Text that a spreadsheet would take for a formula begins with an apostrophe instead."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _headings(names: Sequence[str], language: Language) -> Iterator[str]:
    def say(key: str, *filled: object) -> str:
        return text(f"column_{key}", language, *filled)

    yield from map(say, FACTS)
    for name in names:
        figure, part = name_of(name, language), "count" if counts(name) else "amount"
        parts = ("value", f"numerator_{part}", f"denominator_{part}", "target", "distance", "change")
        yield from (say(each, figure) for each in parts)
    yield from map(say, (*PEERS, *AMOUNTS, "gain"))


def _values(report: UnitReport, names: Sequence[str], words: Words) -> Iterator[object]:
    level = words(report.level, "level")
    yield from (report.month, report.unit, report.name, level, report.parent, report.peer_group)
    for name in names:
        yield from _figure(report.figures[name], counted=counts(name))
    peers = report.peers
    why = words(peers.unranked.value, "unranked") if peers.unranked else None
    yield from (peers.rank, peers.ranked, peers.units, _percent(peers.median), why)
    yield from (report.measures[name] / 100 for name in AMOUNTS)
    yield report.gain_ore / 100


def _figure(one: Reported, *, counted: bool) -> Iterator[object]:
    yield _percent(one.value)
    yield from (one.numerator, one.denominator) if counted else (one.numerator / 100, one.denominator / 100)
    yield from (_percent(one.target), _percent(one.distance), _percent(one.change))


def _percent(fraction: float | None) -> float | None:
    return None if fraction is None else fraction * 100


def _cell(value: object, language: Language) -> object:
    if isinstance(value, float):
        shown = f"{value:.2f}"
        return shown.replace(".", ",") if language is Language.DANISH else shown
    return safe(value) if isinstance(value, str) else value

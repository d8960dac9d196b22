"""A comparison written for people and programs: lines of text, CSV, and a value for JSON. Amounts are in øre."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Any

import msgspec

from models.tally.figures import Figure, figures
from models.whatif.comparison import Comparison, moved, stayed
from models.whatif.moves import PurchaseMove, Side, Told
from models.whatif.units import HEADLINE, UnitChange

Heading = dict[str, str | int | None]
"""What was compared with what, in words."""

CSV_COLUMNS = (
    *("part", "rule_before", "outcome_before", "channel_before", "rule_after", "outcome_after", "channel_after"),
    *("purchases", "lines", "amount_ore", "purchase", "unit", "name", "level", "day", "supplier"),
    *(
        f"{figure}_{of}_{side}"
        for side in ("before", "after")
        for figure in HEADLINE
        for of in ("numerator", "denominator")
    ),
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_BYTE_ORDER_MARK = "\ufeff"


def as_value(heading: Heading, comparison: Comparison, units: Sequence[UnitChange]) -> dict[str, Any]:
    """All of it, ready for JSON."""
    return {
        **heading,
        "purchases": comparison.purchases,
        "changed": comparison.changed,
        "behind": comparison.behind,
        "rules": [
            {
                "before": old,
                "after": new,
                "purchases": each.purchases,
                "lines": each.lines,
                "amount_ore": each.amount_ore,
            }
            for (old, new), each in sorted(comparison.moves.items(), key=lambda pair: pair[0])
        ],
        "largest": comparison.largest,
        "units": [_unit_value(each) for each in units],
    }


def as_csv(comparison: Comparison, units: Sequence[UnitChange]) -> str:
    """One table, its rows told apart by `part`: `rule`, `purchase` or `unit`; semicolons, whole numbers only."""
    out = StringIO()
    writer = csv.DictWriter(out, CSV_COLUMNS, delimiter=";", lineterminator="\r\n", restval="")
    writer.writeheader()
    for row in _csv_rows(comparison, units):
        writer.writerow({name: _safe(value) for name, value in row.items()})
    return _BYTE_ORDER_MARK + out.getvalue()


def as_lines(heading: Heading, comparison: Comparison, units: Sequence[UnitChange]) -> Iterator[str]:
    """The readable table: what moves from rule to rule, the largest changes, every unit's rate."""
    yield ", ".join(f"{name} {value}" for name, value in heading.items() if value is not None)
    yield f"{comparison.purchases} purchases compared, {comparison.changed} would change"
    if comparison.behind:
        yield (
            f"{comparison.behind} partitions are still being judged by the newest reference, or no worker runs: "
            "what is there to compare with is older; run it again when that is done"
        )
    yield from ("", "From rule to rule", *_rule_lines(comparison))
    if comparison.largest:
        yield from ("", "The largest changes", *_largest_lines(comparison.largest))
    yield from ("", "E-handelsgrad by unit, before → after", *_unit_lines(units))


def _rule_lines(comparison: Comparison) -> Iterator[str]:
    rows = [
        (_side(old), "→", _side(new), str(each.purchases), str(each.lines), kroner(each.amount_ore))
        for old, new, each in moved(comparison)
    ]
    same = stayed(comparison)
    rows.append(("as before", "", "", str(same.purchases), str(same.lines), kroner(same.amount_ore)))
    yield from aligned(("before", "", "after", "purchases", "lines", "DKK"), rows, right=3)


def _largest_lines(largest: Iterable[PurchaseMove]) -> Iterator[str]:
    for move in largest:
        yield f"{move.purchase}, {move.day}, unit {move.unit}, supplier {move.supplier}: {kroner(move.moved_ore)} DKK"
        for line in move.lines[:3]:
            item = f" {line.item}" if line.item else ""
            yield f"  line {line.line}{item}, {kroner(line.amount_ore)} DKK"
            yield f"    before {_told(line.before)}"
            yield f"    after  {_told(line.after)}"
        if len(move.lines) > 3:  # noqa: PLR2004 - as many as above
            yield f"  and {len(move.lines) - 3} lines more"


def _unit_lines(units: Iterable[UnitChange]) -> Iterator[str]:
    rows = []
    for each in units:
        (old, new), (old_count, new_count) = each.figure(HEADLINE[0]), each.figure(HEADLINE[1])
        mark = "*" if each.changes else ""
        rows.append(
            (
                mark,
                each.unit,
                each.name,
                _rate(old),
                _rate(new),
                _rate(old_count, ore=False),
                _rate(new_count, ore=False),
            )
        )
    head = ("", "unit", "name", "amount before", "amount after", "count before", "count after")
    yield from aligned(head, rows, right=3)


def aligned(head: Sequence[str], rows: Sequence[Sequence[str]], *, right: int) -> Iterator[str]:
    """Columns under each other; from the place `right` on to the right."""
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    for row in (head, *rows):
        cells = [
            text.rjust(width) if place >= right else text.ljust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def kroner(ore: int) -> str:
    """`1,234.50`."""
    sign, whole = ("-" if ore < 0 else ""), abs(ore)
    return f"{sign}{whole // 100:,}.{whole % 100:02}"


def _rate(figure: Figure, *, ore: bool = True) -> str:
    share = "-" if figure.value is None else f"{100 * figure.value:.2f} %"
    parts = [kroner(each) if ore else str(each) for each in (figure.numerator, figure.denominator)]
    return f"{share} ({parts[0]}/{parts[1]})"


def _side(side: Side) -> str:
    return f"{side.rule} ({side.channel})"


def _told(told: Told) -> str:
    evidence = ", ".join(f"{name}={value}" for name, value in told.evidence.items())
    return f"{_side(told.side)}: {told.reason}{f' [{evidence}]' if evidence else ''}"


def _unit_value(each: UnitChange) -> dict[str, Any]:
    return {
        "unit": each.unit,
        "name": each.name,
        "level": each.level,
        "parent": each.parent,
        "changes": each.changes,
        "before": {"measures": each.before, "figures": _figures(each.before)},
        "after": {"measures": each.after, "figures": _figures(each.after)},
    }


def _figures(measures: dict[str, int]) -> dict[str, Any]:
    """All that the days compared make up: coverage and active buyers have windows of their own."""
    found = figures(measures).items()
    return {name: figure.as_json() for name, figure in found if not name.startswith(("coverage", "certified_buyers"))}


def _csv_rows(comparison: Comparison, units: Iterable[UnitChange]) -> Iterator[dict[str, object]]:
    for (old, new), each in sorted(comparison.moves.items(), key=lambda pair: pair[0]):
        yield {"part": "rule", **_sides(old, new), **msgspec.structs.asdict(each)}
    for move in comparison.largest:
        yield {
            "part": "purchase",
            **_sides(move.before.side, move.after.side),
            "purchase": move.purchase,
            "unit": move.unit,
            "day": move.day,
            "supplier": move.supplier,
            "lines": len(move.lines),
            "amount_ore": move.moved_ore,
        }
    for unit in units:
        yield {"part": "unit", "unit": unit.unit, "name": unit.name, "level": unit.level, **_headline(unit)}


def _sides(old: Side, new: Side) -> dict[str, object]:
    named = (("before", old), ("after", new))
    return {f"{field}_{side}": getattr(each, field) for side, each in named for field in ("rule", "outcome", "channel")}


def _headline(unit: UnitChange) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in HEADLINE:
        for side, figure in zip(("before", "after"), unit.figure(name), strict=True):
            found |= {f"{name}_numerator_{side}": figure.numerator, f"{name}_denominator_{side}": figure.denominator}
    return found


def _safe(value: object) -> object:
    """Text that a spreadsheet would take for a formula begins with an apostrophe instead."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value

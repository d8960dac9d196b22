"""Everything computed again from the input, as tables of a new generation, and where they differ from the live ones."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from models.judgement import Judgement
from models.measures import ZERO
from models.purchase.memory import Rows
from models.tally.contribution import add

Buyers = dict[str, int]


class CellSum(msgspec.Struct, frozen=True):
    """A cell: its measures, and who bought how often."""

    measures: list[int]
    buyers: Buyers


NOTHING = CellSum([*ZERO], {})
_KEPT = ("version", "unit", "root", "day", "supplier", "outcome", "channel", "reason", "rule", "tallied", "amounts_ore")
_KEPT_OF_LINES = ("line", "outcome", "channel", "reason", "rule", "amount_ore")


def cells_by_partition(rows: Rows, home: Callable[[str], int]) -> dict[int, dict[str, CellSum]]:
    """What the purchases of each partition add up to."""
    found: dict[int, dict[str, CellSum]] = {}
    for number, row in rows.rows.items():
        cells = found.setdefault(home(number), {})
        for published in row.published.values():
            for name, change in published.contribution.items():
                cell = cells.setdefault(name, CellSum([*ZERO], {}))
                add(cell.measures, cell.buyers, change)
    return found


def summed(cells: Iterable[tuple[str, CellSum]]) -> dict[str, CellSum]:
    """Cells of several partitions as one; those that hold nothing are left out."""
    found: dict[str, CellSum] = {}
    for name, cell in cells:
        whole = found.setdefault(name, CellSum([*ZERO], {}))
        change: dict[int | str, int] = dict(enumerate(cell.measures))
        add(whole.measures, whole.buyers, change | cell.buyers)  # type: ignore[operator]  # int is no harm among them
    return {
        name: CellSum(cell.measures, {who: count for who, count in cell.buyers.items() if count})
        for name, cell in found.items()
        if any(cell.measures) or any(cell.buyers.values())
    }


def differing(live: Mapping[str, Judgement], rebuilt: Mapping[str, Judgement]) -> Iterator[str]:
    """Purchases that are not judged alike; a void one counts as none."""
    for name in sorted(live.keys() | rebuilt.keys()):
        one, other = live.get(name), rebuilt.get(name)
        if _content(one) != _content(other):
            yield f"{name}: live {_told(one)}, rebuilt {_told(other)}"


def differing_cells(live: Mapping[str, CellSum], rebuilt: Mapping[str, CellSum]) -> Iterator[str]:
    """Cells that do not hold the same."""
    for name in sorted(live.keys() | rebuilt.keys()):
        if live.get(name, NOTHING) != rebuilt.get(name, NOTHING):
            yield f"cell {name}: live {live.get(name, NOTHING)}, rebuilt {rebuilt.get(name, NOTHING)}"


def _content(judgement: Judgement | None) -> object:
    if judgement is None or judgement.outcome == "void":
        return None
    lines = [[getattr(line, name) for name in _KEPT_OF_LINES] for line in judgement.lines]
    return [getattr(judgement, name) for name in _KEPT], lines


def _told(judgement: Judgement | None) -> str:
    if judgement is None:
        return "nothing"
    return f"{judgement.outcome}/{judgement.channel} by {judgement.rule}, {judgement.amounts_ore}"

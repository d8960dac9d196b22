"""The comparison: rows in, sums out; two of them add up to one, so that partitions are compared side by side."""

from collections.abc import Iterable
from datetime import date
from heapq import nsmallest

import msgspec

from models.facts import Claim, Handover, Placement
from models.judgement import Judgement, Origin
from models.measures import ZERO
from models.purchase.assessing import Basis
from models.purchase.lifecycle import Moment, judged_again
from models.purchase.row import Published, Row
from models.tally.contribution import Contribution, cell_parts
from models.whatif.moves import GONE, PurchaseMove, Side, amount_of, counted, line_pairs, move_of, side_of

LARGEST = 10
_MOMENT = Moment(Origin("", 0, 0), "")

Place = tuple[str, str]
"""Root and unit as the cells name them; the unit may be unknown to the reference."""


class Days(msgspec.Struct, frozen=True):
    """Which days are compared, both inclusive."""

    first: date = date.min
    last: date = date.max

    def hold(self, day: date) -> bool:
        """Is the day among them?"""
        return self.first <= day <= self.last


class Sum(msgspec.Struct):
    """What goes from one side to another: purchases by their own judgement, lines and amounts by the lines'."""

    purchases: int = 0
    lines: int = 0
    amount_ore: int = 0


class Comparison(msgspec.Struct):
    """All that was compared so far."""

    days: Days = Days()
    purchases: int = 0
    """Purchases that either side counts."""
    changed: int = 0
    moves: dict[tuple[Side, Side], Sum] = {}
    before: dict[Place, list[int]] = {}
    """The measures of each place as they are."""
    after: dict[Place, list[int]] = {}
    """The same as they would be."""
    largest: list[PurchaseMove] = []
    behind: int = 0
    """Partitions that the live judging has not yet judged by the newest reference: a sweep is going on."""

    def add(self, row: Row, basis: Basis) -> None:
        """Compare a number's purchases as published with the same facts on another basis."""
        if not row.published and all(
            isinstance(each.fact, Placement | Claim | Handover) for each in row.facts.values()
        ):
            return  # an invoice's home: on no basis does a purchase stand there
        judged = judged_again(row, basis=basis, moment=_MOMENT).row.published
        for name in row.published.keys() | judged.keys():
            before, after = row.published.get(name), judged.get(name)
            self._add_measures(self.before, before)
            self._add_measures(self.after, after)
            self._compare(_if_counted(before, self.days), _if_counted(after, self.days))

    def join(self, other: "Comparison") -> None:
        """Take another comparison, of other purchases, into this one."""
        self.purchases += other.purchases
        self.changed += other.changed
        self.behind += other.behind
        for sides, more in other.moves.items():
            self._count(sides, purchases=more.purchases, lines=more.lines, amount_ore=more.amount_ore)
        for mine, theirs in ((self.before, other.before), (self.after, other.after)):
            for place, measures in theirs.items():
                mine[place] = [one + more for one, more in zip(mine.get(place, ZERO), measures, strict=True)]
        self._keep(other.largest)

    def _compare(self, before: Judgement | None, after: Judgement | None) -> None:
        if before is None and after is None:
            return
        self.purchases += 1
        self._count((side_of(before), side_of(after)), purchases=1)
        for old, new in line_pairs(before, after):
            self._count((side_of(old), side_of(new)), lines=1, amount_ore=amount_of(old, new))
        move = move_of(before, after)
        if move is not None:
            self.changed += 1
            self._keep((move,))

    def _count(self, sides: tuple[Side, Side], *, purchases: int = 0, lines: int = 0, amount_ore: int = 0) -> None:
        found = self.moves.get(sides)
        if found is None:
            found = self.moves[sides] = Sum()
        found.purchases += purchases
        found.lines += lines
        found.amount_ore += amount_ore

    def _keep(self, more: Iterable[PurchaseMove]) -> None:
        """The largest, and of equal ones the first by id, whichever came first."""
        self.largest = nsmallest(LARGEST, (*self.largest, *more), key=lambda move: (-move.moved_ore, move.purchase))

    def _add_measures(self, sums: dict[Place, list[int]], published: Published | None) -> None:
        for cell, measures in (published.contribution if published is not None else _NOTHING).items():
            root, unit, day = cell_parts(cell)
            mine = sums.get((root, unit))
            if mine is None:
                mine = sums[root, unit] = list(ZERO)  # also a unit of which nothing lies in the days is shown
            if self.days.hold(day):
                for place, value in measures.items():
                    if isinstance(place, int):
                        mine[place] += value


_NOTHING: Contribution = {}


def _if_counted(published: Published | None, days: Days) -> Judgement | None:
    judgement = published.judgement if published is not None else None
    return judgement if judgement is not None and counted(judgement) and days.hold(judgement.day) else None


def moved(comparison: Comparison) -> list[tuple[Side, Side, Sum]]:
    """What goes elsewhere, the largest amounts first."""
    found = [(old, new, total) for (old, new), total in comparison.moves.items() if old != new]
    return sorted(found, key=lambda each: (-abs(each[2].amount_ore), -each[2].purchases, each[0], each[1]))


def stayed(comparison: Comparison) -> Sum:
    """What stays as it is."""
    same = [total for (old, new), total in comparison.moves.items() if old == new and old != GONE]
    return Sum(
        sum(each.purchases for each in same), sum(each.lines for each in same), sum(each.amount_ore for each in same)
    )

"""The units' sums: partials by source partition, replaced and never added, summed up the tree of today."""

from collections.abc import Iterable, Iterator
from datetime import date

from models.measures import MEASURES, ZERO
from models.reference.snapshot import Snapshot
from models.tally.contribution import cell_parts
from models.tally.figures import Control
from models.tally.pace import pace
from models.tally.windows import span, spans

Measures = list[int]
WIDTH = len(MEASURES)


def unassigned(root: str) -> str:
    """The unit under which a root counts what names units that the reference does not know."""
    return f"{root}-unassigned"


class UnitSums:
    """Every unit's measures by day, its own and those of all under it, in the tree as it is today."""

    def __init__(self, snapshot: Snapshot, today: date) -> None:
        self._partials: dict[tuple[int, str], tuple[int, Measures]] = {}
        self._rebase(snapshot, today)

    # what comes in

    def replace(self, source_partition: int, cell: str, sequence: int, measures: Measures) -> bool:
        """A partial, of which only the newest counts; False if it is not newer than what is known."""
        key = (source_partition, cell)
        before = self._partials.get(key)
        if before is not None and before[0] >= sequence:
            return False
        padded = [*measures[:WIDTH], *ZERO[len(measures) :]]
        self._partials[key] = (sequence, padded)
        old = before[1] if before is not None else ZERO
        self._add(cell, [after - was for after, was in zip(padded, old, strict=True)])
        return True

    def rebase(self, snapshot: Snapshot, today: date) -> None:
        """Another tree, or another day: everything is summed up again."""
        self._rebase(snapshot, today)
        for (_, cell), (_, measures) in self._partials.items():
            self._add(cell, measures)

    def _rebase(self, snapshot: Snapshot, today: date) -> None:
        self.snapshot = snapshot
        self.today = today
        self.days: dict[str, dict[date, Measures]] = {}
        self.changed: set[str] = set(snapshot.units())
        self._chains: dict[tuple[str, str], tuple[str, ...]] = {}
        self._paces: dict[str, dict[tuple[str, date], float | None]] = {}
        self._ledger: dict[str, dict[date, tuple[int, int]]] = {}
        for row in snapshot.ledger_rows():
            for unit in self.chain(snapshot.root_of(row.unit, today), row.unit):
                days = self._ledger.setdefault(unit, {})
                documents, amount = days.get(row.day, (0, 0))
                days[row.day] = (documents + row.documents, amount + row.amount_ore)

    def chain(self, root: str, unit: str) -> tuple[str, ...]:
        """The unit and all above it today; an unknown one stands as unassigned under its root."""
        chain = self._chains.get((root, unit))
        if chain is None:
            known = self.snapshot.known_unit(unit)
            chain = self.snapshot.ancestors(unit, self.today) if known else (unassigned(root), root)
            self._chains[root, unit] = chain
        return chain

    def _add(self, cell: str, delta: Measures) -> None:
        root, unit, day = cell_parts(cell)
        for each in self.chain(root, unit):
            days = self.days.setdefault(each, {})
            before = days.get(day)
            days[day] = delta if before is None else [one + other for one, other in zip(before, delta, strict=True)]
            self.changed.add(each)
            if day < self.today.replace(day=1):
                self._paces.pop(each, None)

    # what is asked

    def units(self) -> Iterator[str]:
        """All units of the reference, and those that only purchases name."""
        yield from sorted({*self.snapshot.units(), *self.days})

    def windows(self, unit: str) -> dict[str, Measures]:
        """The unit's sums in every window as of today."""
        wanted = spans(self.today)
        sums = {window: list(ZERO) for window in wanted}
        first_of_all = min(first for first, _ in wanted.values())
        for day, measures in self.days.get(unit, {}).items():
            if first_of_all <= day <= self.today:
                for window, (first, last) in wanted.items():
                    if first <= day <= last:
                        sums[window] = [one + other for one, other in zip(sums[window], measures, strict=True)]
        return sums

    def pace(self, unit: str, figure: str, at: date) -> float | None:
        """Where a figure of the unit is heading; worked out once for each state of its sums."""
        paces = self._paces.setdefault(unit, {})
        if (figure, at) not in paces:
            paces[figure, at] = pace(self.days.get(unit, {}), figure, today=self.today, at=at)
        return paces[figure, at]

    def control(self, unit: str, seen_documents: int, seen_ore: int) -> Control:
        """The ledger's totals of the last 30 days beside what was seen in them."""
        first, last = span("30d", self.today)
        days = [totals for day, totals in self._ledger.get(unit, {}).items() if first <= day <= last]
        documents, amount = sum(each[0] for each in days), sum(each[1] for each in days)
        return Control(seen_documents, seen_ore, documents, amount)


def named(measures: Iterable[int]) -> dict[str, int]:
    """Measures by name."""
    return dict(zip(MEASURES, measures, strict=True))

"""The units' sums: partials by source partition, replaced and never added, summed up the tree of today."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType

from models.measures import MEASURES, ZERO
from models.reference.snapshot import Snapshot
from models.tally.buyers import ActiveBuyers
from models.tally.contribution import cell_parts
from models.tally.figures import Control, Figure
from models.tally.pace import pace
from models.tally.windows import WINDOWS, span, spans

Measures = list[int]
WIDTH = len(MEASURES)
ACTIVE = "12m"
"""The window in which a buyer who bought anything is an active one (domain.md, Figures)."""


def unassigned(root: str) -> str:
    """The unit under which a root counts what names units that the reference does not know."""
    return f"{root}-unassigned"


class UnitSums:
    """Every unit's measures by day, its own and those of all under it, in the tree as it is today."""

    def __init__(self, snapshot: Snapshot, today: date) -> None:
        self._partials: dict[tuple[int, str], tuple[int, Measures, Mapping[str, int]]] = {}
        self._rebase(snapshot, today)

    # what comes in

    def replace(
        self,
        source_partition: int,
        cell: str,
        sequence: int,
        measures: Measures,
        buyers: Mapping[str, int] = MappingProxyType({}),
    ) -> bool:
        """A partial, of which only the newest counts; False if it is not newer than what is known."""
        key = (source_partition, cell)
        before = self._partials.get(key)
        if before is not None and before[0] >= sequence:
            return False
        padded = [*measures[:WIDTH], *ZERO[len(measures) :]]
        self._partials[key] = (sequence, padded, buyers)
        old, known = (before[1], before[2]) if before is not None else (ZERO, {})
        self._add(cell, [after - was for after, was in zip(padded, old, strict=True)])
        if buyers or known:
            changed = {one: buyers.get(one, 0) - known.get(one, 0) for one in buyers.keys() | known.keys()}
            self._add_buyers(cell, changed)
        self._note_unknown(cell, any(padded) - any(old))
        return True

    def rebase(self, snapshot: Snapshot, today: date) -> None:
        """Another tree, or another day: everything is summed up again."""
        self._rebase(snapshot, today)
        for (_, cell), (_, measures, buyers) in self._partials.items():
            self._add(cell, measures)
            self._add_buyers(cell, buyers)
            self._note_unknown(cell, int(any(measures)))

    def _rebase(self, snapshot: Snapshot, today: date) -> None:
        self.snapshot = snapshot
        self.today = today
        self.days: dict[str, dict[date, Measures]] = {}
        self.changed: set[str] = set(snapshot.units())
        self._chains: dict[tuple[str, str], tuple[str, ...]] = {}
        self._paces: dict[str, dict[tuple[str, date], float | None]] = {}
        self._windows: dict[str, dict[str, Measures]] = {}
        """By unit, once somebody asked: what comes in is added, a year of days is not summed up for each snapshot."""
        self._months: dict[str, dict[date, Measures]] = {}
        """By unit, once somebody asked, and by each month's first day."""
        self._windows_of: dict[date, tuple[str, ...]] = {}
        self._unknown: dict[str, dict[str, int]] = {}
        """By unassigned unit, how many cells with anything in them name which unit that nobody knows."""
        self._buyers = ActiveBuyers(lambda buyer: snapshot.certified(buyer, today))
        self._ledger: dict[str, dict[date, tuple[int, int]]] = {}
        for row in snapshot.ledger_rows():
            for unit in self._chain_of_ledger(row.unit):
                days = self._ledger.setdefault(unit, {})
                documents, amount = days.get(row.day, (0, 0))
                days[row.day] = (documents + row.documents, amount + row.amount_ore)

    def _chain_of_ledger(self, unit: str) -> tuple[str, ...]:
        """The ledger names no root: what it says of an unknown unit counts under the first one."""
        if self.snapshot.known_unit(unit):
            return self.snapshot.ancestors(unit, self.today)
        return self.chain(next(iter(self.snapshot.roots(self.today)), unit), unit)

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
            _accumulate(self.days.setdefault(each, {}), day, delta)
            self._add_to_windows(each, day, delta)
            self._add_to_months(each, day, delta)
            self.changed.add(each)
            if day < self.today.replace(day=1):
                self._paces.pop(each, None)

    def _add_to_windows(self, unit: str, day: date, delta: Measures) -> None:
        known = self._windows.get(unit)
        if known is not None:
            for window in self._reaching(day):
                known[window] = [one + other for one, other in zip(known[window], delta, strict=True)]

    def _add_to_months(self, unit: str, day: date, delta: Measures) -> None:
        known = self._months.get(unit)
        if known is not None:
            _accumulate(known, day.replace(day=1), delta)

    def _reaching(self, day: date) -> tuple[str, ...]:
        """The windows that the day is in."""
        windows = self._windows_of.get(day)
        if windows is None:
            windows = tuple(window for window, (first, last) in spans(self.today).items() if first <= day <= last)
            self._windows_of[day] = windows
        return windows

    def _add_buyers(self, cell: str, change: Mapping[str, int]) -> None:
        root, unit, day = cell_parts(cell)
        first, last = span(ACTIVE, self.today)
        if first <= day <= last:
            for each in self.chain(root, unit):
                self._buyers.add(each, change)

    def _note_unknown(self, cell: str, change: int) -> None:
        root, unit, day = cell_parts(cell)
        first, last = span(ACTIVE, self.today)
        if change and first <= day <= last and not self.snapshot.known_unit(unit):
            names = self._unknown.setdefault(unassigned(root), {})
            names[unit] = names.get(unit, 0) + change

    # what is asked

    def units(self) -> Iterator[str]:
        """All units of the reference, and those that only purchases name."""
        yield from sorted({*self.snapshot.units(), *self.days})

    def unknown_under(self, unit: str) -> tuple[str, ...]:
        """Of a root's unassigned unit: the units that purchases of the last twelve months name and nobody knows."""
        return tuple(sorted(name for name, cells in self._unknown.get(unit, {}).items() if cells))

    def windows(self, unit: str) -> dict[str, Measures]:
        """The unit's sums in every window as of today."""
        known = self._windows.get(unit)
        if known is None:
            known = self._windows[unit] = {window: list(ZERO) for window in WINDOWS}
            for day, measures in self.days.get(unit, {}).items():
                self._add_to_windows(unit, day, measures)
        return dict(known)

    def pace(self, unit: str, figure: str, at: date) -> float | None:
        """Where a figure of the unit is heading; worked out once for each state of its sums."""
        paces = self._paces.setdefault(unit, {})
        if (figure, at) not in paces:
            paces[figure, at] = pace(self._months_of(unit), figure, today=self.today, at=at)
        return paces[figure, at]

    def _months_of(self, unit: str) -> Mapping[date, Measures]:
        if unit not in self._months:
            self._months[unit] = {}
            for day, measures in self.days.get(unit, {}).items():
                self._add_to_months(unit, day, measures)
        return self._months[unit]

    def certified_buyers(self, unit: str) -> Figure:
        """Of the buyers who bought anything in the last twelve months, those who are certified today."""
        return self._buyers.certified(unit)

    def control(self, unit: str, seen_documents: int, seen_ore: int) -> Control:
        """The ledger's totals of the last 30 days beside what was seen in them."""
        first, last = span("30d", self.today)
        days = [totals for day, totals in self._ledger.get(unit, {}).items() if first <= day <= last]
        documents, amount = sum(each[0] for each in days), sum(each[1] for each in days)
        return Control(seen_documents, seen_ore, documents, amount)


def _accumulate(sums: dict[date, Measures], day: date, delta: Measures) -> None:
    before = sums.get(day)
    sums[day] = delta if before is None else [one + other for one, other in zip(before, delta, strict=True)]


def named(measures: Iterable[int]) -> dict[str, int]:
    """Measures by name."""
    return dict(zip(MEASURES, measures, strict=True))

"""What catalogue documents leave of each other and of a file's rows: the rows that hold, from all that was said.

Rows are kept as their documents said them; what holds is a pure function of all of them, so that documents may arrive
in any order, again, and before or after a file is loaded. The oldest speaks first, a file's rows before any document.

- A whole catalogue, and the end of one, ends what its catalogue held before, from its first day on.
- A line of an update ends what its catalogue held of the item, and takes from it what it does not say itself.
- What was valid before stays, with an end: a purchase is judged by the catalogue of its own day.
- A document that says it changes an earlier one, without naming it and under a number that no older whole catalogue
  bears, changes all that is held under its contract: Peppol's senders give every message a number of its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter

import msgspec

from models.facts import Stamp
from models.reference.rows import CatalogueRow, Says
from models.reference.validity import began, row_at_or_nearest

Held = CatalogueRow | tuple[CatalogueRow, ...]
"""An item's row; several where it changed through time or stands in several catalogues. Most have one."""


def rows_of(held: Held | None) -> tuple[CatalogueRow, ...]:
    """The rows of an item, however many."""
    if held is None:
        return ()
    return held if isinstance(held, tuple) else (held,)


def effective(said: Mapping[str, Held]) -> Mapping[str, Held]:
    """The rows that hold, by item, of all that was said of one supplier's catalogues."""
    if all(row.stamp is None for held in said.values() for row in rows_of(held)):
        return said
    every = [row for held in said.values() for row in rows_of(held)]
    state = _State(row for row in every if row.stamp is None)
    for _, rows in groupby(sorted((row for row in every if row.stamp), key=_order), key=attrgetter("stamp")):
        state.take(list(rows))
    return {item: rows[0] if len(rows) == 1 else tuple(rows) for item, rows in state.items.items() if rows}


def _order(row: CatalogueRow) -> tuple[Stamp | None, bool, str, str, date]:
    """By document; in each its ends first, then its lines in an order of their own."""
    return row.stamp, row.says is not Says.END, row.item, row.line or "", began(row)


class _State:
    """What holds after the documents taken so far."""

    def __init__(self, rows: Iterable[CatalogueRow]) -> None:
        self.items: dict[str, list[CatalogueRow]] = {}
        self._lines: dict[tuple[str, str], list[CatalogueRow]] = {}
        self._whole: dict[str, set[tuple[str, ...]]] = {}
        for row in rows:
            self._add(row)
            self._whole.setdefault(row.catalogue, set()).add(row.providers)

    def take(self, rows: list[CatalogueRow]) -> None:
        """All rows of one document."""
        for row in rows:
            if row.says is Says.END and not row.item and not row.line:
                self._end_all(row)
            else:
                self._take_line(row)
        for row in rows:
            if row.says is Says.WHOLE:
                self._whole.setdefault(row.catalogue, set()).add(row.providers)

    def _end_all(self, end: CatalogueRow) -> None:
        for item, rows in self.items.items():
            self.items[item] = list(self._ended(rows, end))

    def _take_line(self, row: CatalogueRow) -> None:
        item = row.item or self._named(row.line or "", row)
        if item is None:
            return
        older = self.items.get(item, [])
        found = row if item == row.item else msgspec.structs.replace(row, item=item)
        if row.says is Says.UPDATE:
            found = _completed(found, [one for one in older if one.stamp != row.stamp and self._acts_on(row, one)])
        if row.of_update:
            self.items[item] = list(self._ended(older, row))
        if row.says is not Says.END and (found.valid_to is None or began(found) <= found.valid_to):
            self._add(found)

    def _named(self, line: str, row: CatalogueRow) -> str | None:
        """The item that the line's id stands for; files know no lines, but often the id is the item's own."""
        of_line = [one.item for one in self._lines.get((row.catalogue, line), ()) if _same_provider(row, one)]
        if not of_line and any(self._acts_on(row, one) for one in self.items.get(line, ())):
            return line
        return of_line[-1] if of_line else None

    def _add(self, row: CatalogueRow) -> None:
        self.items.setdefault(row.item, []).append(row)
        if row.line:
            self._lines.setdefault((row.catalogue, row.line), []).append(row)

    def _ended(self, rows: Iterable[CatalogueRow], end: CatalogueRow) -> Iterator[CatalogueRow]:
        """The rows, those that the end is about valid until the day before it; gone where that leaves no day."""
        first = began(end)
        for row in rows:
            is_past = row.valid_to is not None and row.valid_to < first and began(row) < first
            if is_past or row.stamp == end.stamp or not self._acts_on(end, row):
                yield row
            elif began(row) < first:
                yield msgspec.structs.replace(row, valid_to=first - timedelta(days=1))

    def _acts_on(self, newer: CatalogueRow, row: CatalogueRow) -> bool:
        if not _same_provider(newer, row):
            return False
        if row.catalogue in (newer.catalogue, newer.follows):
            return True
        return newer.of_contract and row.agreement == newer.agreement is not None and not self._is_known(newer)

    def _is_known(self, row: CatalogueRow) -> bool:
        """Whether an older whole catalogue of its provider bears its number."""
        return any(_share(row.providers, known) for known in self._whole.get(row.catalogue, ()))


def _same_provider(one: CatalogueRow, other: CatalogueRow) -> bool:
    return _share(one.providers, other.providers)


def _share(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two lists of a provider's identifiers may be of the same one; a file's rows name none."""
    return one == other or not one or not other or not set(one).isdisjoint(other)


def _completed(row: CatalogueRow, older: list[CatalogueRow]) -> CatalogueRow:
    """An update's row with what it left out, as it was on its first day."""
    base = row_at_or_nearest(sorted(older, key=began), began(row))
    if base is None:
        return row
    return msgspec.structs.replace(row, **{name: getattr(base, name) for name in row.left_out})

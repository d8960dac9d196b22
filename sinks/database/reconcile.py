"""The figures two ways: lines against cells, and cells against the units' snapshots; the difference is to be 0 øre."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, select, text

from models.measures import MEASURES
from models.reference.tree import UnitTree
from sinks.database.schema import unit_snapshots
from sinks.database.sums import Measures, climbed, read_tree, sums_of_cells

LINES_AGAINST_CELLS = """
with from_lines as (
    select p.root, p.unit, p.day, l.outcome || '_ore' as measure, sum(l.amount_ore)::bigint as amount
    from purchases p join purchase_lines l using (purchase)
    where p.tallied and l.outcome <> 'void' group by 1, 2, 3, 4
), from_cells as (
    select u.root, u.unit, u.day, m.measure, sum(m.amount)::bigint as amount
    from unit_days u cross join lateral (values
        ('catalogue_ore', u.catalogue_ore), ('off_channel_ore', u.off_channel_ore),
        ('review_ore', u.review_ore), ('excluded_ore', u.excluded_ore)
    ) as m (measure, amount) group by 1, 2, 3, 4
)
select unit, day::text, measure, coalesce(l.amount, 0), coalesce(c.amount, 0)
from from_lines l full join from_cells c using (root, unit, day, measure)
where coalesce(l.amount, 0) <> coalesce(c.amount, 0) order by unit, day, measure
"""


class Difference(NamedTuple):
    """One place where two ways disagree: in the database's lines or cells, and on the other side."""

    unit: str
    when: str
    """The day, or the window."""
    measure: str
    ours: int
    theirs: int

    @property
    def by(self) -> int:
        return abs(self.ours - self.theirs)

    def lasts(self, later: "Iterable[Difference]") -> bool:
        """Whether a later comparison differs in the same place by as much: what is only on its way moves on."""
        return any(self[:3] == other[:3] and self.ours - self.theirs == other.ours - other.theirs for other in later)


class Reconciliation(NamedTuple):
    """All differences; while records are on their way there may be some, at lag 0 there are none."""

    lines_against_cells: list[Difference]
    cells_against_snapshots: list[Difference]

    @property
    def difference_ore(self) -> int:
        """The sum of the differences of amounts, each as a positive number."""
        return sum(one.by for side in self for one in side if one.measure.endswith("_ore"))

    def lasting(self, later: "Reconciliation") -> "Reconciliation":
        """Those of the differences that are in the later one too."""
        return Reconciliation(*([one for one in mine if one.lasts(new)] for mine, new in zip(self, later, strict=True)))


def reconcile(engine: Engine) -> Reconciliation:
    """Compare, at one moment of the database."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        by_line = [Difference(*row) for row in connection.execute(text(LINES_AGAINST_CELLS))]
        return Reconciliation(by_line, list(_against_snapshots(connection)))


def _against_snapshots(connection: Connection) -> Iterator[Difference]:
    sums = _Sums(connection)
    for snapshot in connection.execute(select(unit_snapshots.c.unit, unit_snapshots.c.day, unit_snapshots.c.body)):
        for name, window in snapshot.body["windows"].items():
            yield from _compare(snapshot.unit, name, window, sums.of(snapshot.unit, snapshot.day, window))


def _compare(unit: str, name: str, window: dict[str, Any], ours: Measures) -> Iterator[Difference]:
    theirs = window["measures"]
    for measure in MEASURES:
        mine, other = ours.get(measure, 0), theirs.get(measure, 0)
        if mine != other:
            yield Difference(unit, name, measure, mine, other)


class _Sums:
    """Sums up the tree by window and day of the tree: many snapshots share them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tree: UnitTree = read_tree(connection)
        self._known: dict[tuple[date, date, date], dict[str, Measures]] = {}

    def of(self, unit: str, day: date, window: dict[str, Any]) -> Measures:
        first, last = date.fromisoformat(window["from"]), date.fromisoformat(window["to"])
        where = first, last, day
        if where not in self._known:
            cells = sums_of_cells(self._connection, first=first, last=last)
            self._known[where] = climbed(cells, tree=self._tree, day=day)
        return self._known[where].get(unit, {})

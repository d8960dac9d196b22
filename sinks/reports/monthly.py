"""From a month's material to the report of every unit: pure, so that the same material gives the same reports."""

from collections.abc import Iterator, Mapping

from models.measures import MEASURES
from models.reference.rows import Level, UnitRow
from models.reference.validity import interval
from models.tally.figures import NONE, Figure, figures, gain_ore
from models.tally.report import HEADLINE, Above, Peers, Reported, UnitReport
from sinks.database.sums import Measures
from sinks.reports.material import Material
from sinks.reports.ranking import Contender, Limits, ranked

UNASSIGNED = "unassigned"

Figures = Mapping[str, Figure]


def reports_of(material: Material, *, generation: int, frozen_at: str, limits: Limits) -> list[UnitReport]:
    """The report of every unit that was in the tree on a day of the month, or that purchases were counted under."""
    rows = dict(_members(material))
    made = {unit: _figures(material, unit) for unit in rows}
    contenders = [_contender(row, made[unit], known=material.tree.known(unit)) for unit, row in rows.items()]
    peers = ranked(contenders, limits=limits)
    return [
        _report(material, row, made, rows, peers[unit], generation=generation, frozen_at=frozen_at)
        for unit, row in rows.items()
    ]


def _members(material: Material) -> Iterator[tuple[str, UnitRow]]:
    tree, month = material.tree, material.month
    for unit in tree.units():
        valid = any(first <= month.last and last >= month.first for first, last in map(interval, tree.rows(unit)))
        row = tree.row(unit, month.last)
        if row is not None and (valid or unit in material.now):
            yield unit, row
    for unit in sorted(material.now):
        if not tree.known(unit):
            yield unit, _unknown(unit)


def _unknown(unit: str) -> UnitRow:
    """A unit that the reference does not hold: the root's unassigned one, or an implied root."""
    root = unit.removesuffix(f"-{UNASSIGNED}")
    if root == unit:
        return UnitRow(unit=unit, name=unit, level=Level.MUNICIPALITY)
    return UnitRow(unit=unit, name=unit, level=Level.INSTITUTION, parent=root)


def _figures(material: Material, unit: str) -> Figures:
    buyers = material.certified_buyers.get(unit, NONE)
    return figures(material.now.get(unit, {}), material.controls.get(unit), buyers)


def _contender(row: UnitRow, made: Figures, *, known: bool) -> Contender:
    """Units of one level and peer group compete, without a group those of one level and parent; unassigned ones do not."""
    if not known:
        return Contender(row.unit, (UNASSIGNED, row.unit), None, made)
    if row.peer_group:
        return Contender(row.unit, ("group", row.level, row.peer_group), row.peer_group, made)
    return Contender(row.unit, ("level", row.level, row.parent or ""), None, made)


def _report(
    material: Material,
    row: UnitRow,
    made: Mapping[str, Figures],
    rows: Mapping[str, UnitRow],
    peers: Peers,
    *,
    generation: int,
    frozen_at: str,
) -> UnitReport:
    month, above = material.month, _above(material, row)
    measures = _complete(material.now.get(row.unit, {}))
    won, left = gain_ore(measures, material.gain_per_invoice_ore)
    return UnitReport(
        month=str(month),
        first=month.first,
        last=month.last,
        unit=row.unit,
        name=row.name,
        level=row.level.value if material.tree.known(row.unit) or not row.parent else UNASSIGNED,
        parent=row.parent,
        root=above[-1] if above else row.unit,
        peer_group=row.peer_group,
        fte=row.fte,
        generation=generation,
        frozen_at=frozen_at,
        measures=measures,
        figures=_reported(material, row.unit, made[row.unit]),
        peers=peers,
        chain=tuple(_link(rows[unit], made[unit]) for unit in above if unit in rows),
        gain_ore=won,
        left_to_gain_ore=left,
        adjustments=material.adjustments.get(row.unit, ()),
    )


def _above(material: Material, row: UnitRow) -> tuple[str, ...]:
    if material.tree.known(row.unit):
        return material.tree.ancestors(row.unit, material.month.last)[1:]
    return (row.parent,) if row.parent else ()


def _link(row: UnitRow, made: Figures) -> Above:
    return Above(row.unit, row.name, row.level.value, made[HEADLINE].value)


def _complete(measures: Measures) -> Measures:
    return {name: measures.get(name, 0) for name in MEASURES}


def _reported(material: Material, unit: str, made: Figures) -> dict[str, Reported]:
    before = material.frozen_before.get(unit)
    if before is None:
        earlier = figures(material.before.get(unit, {}))
        before = {name: figure.value for name, figure in earlier.items()}
    return {name: _one(material, unit, name, figure, before.get(name)) for name, figure in made.items()}


def _one(material: Material, unit: str, name: str, figure: Figure, before: float | None) -> Reported:
    target, value = material.targets.get((unit, name)), figure.value
    return Reported(
        numerator=figure.numerator,
        denominator=figure.denominator,
        value=value,
        target=target.value if target else None,
        distance=value - target.value if target and value is not None else None,
        valid_to=target.valid_to if target else None,
        change=value - before if value is not None and before is not None else None,
    )

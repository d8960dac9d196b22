"""What a month's reports are made of, read from the database at one moment."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import Connection, func, select, text

from models.reference.tree import UnitTree
from models.rules.settings import RuleSettings
from models.tally.figures import Control, Figure
from models.tally.units import ACTIVE
from models.tally.windows import span
from sinks.database.schema import ledger, reports, targets, unit_snapshots
from sinks.database.sums import Measures, Sent, chain, climbed, read_tree, spans, sums_as_was
from sinks.reports.adjustments import Adjustments, adjustments, frozen_months
from sinks.reports.month import Month

_BOUGHT = text(
    "select distinct root, unit, jsonb_object_keys(buyers) from unit_days"
    " where day between :first and :last and buyers <> '{}'"
)
_CERTIFIED = text(
    "select distinct buyer from buyers where coalesce(certified_from, certified_until) is not null"
    " and coalesce(certified_from, :day) <= :day and coalesce(certified_until, :day) >= :day"
)


class Target(NamedTuple):
    """What a figure is to reach, and by when."""

    value: float
    valid_to: date | None


class Material(NamedTuple):
    """Sums, targets and control totals by unit, and the tree."""

    month: Month
    tree: UnitTree
    now: Mapping[str, Measures]
    before: Mapping[str, Measures]
    controls: Mapping[str, Control]
    targets: Mapping[tuple[str, str], Target]
    frozen_before: Mapping[str, Mapping[str, float | None]]
    """The figures of the month before where it is frozen: a change is against what was published."""
    certified_buyers: Mapping[str, Figure] = MappingProxyType({})
    gain_per_invoice_ore: int = 0
    adjustments: Adjustments = MappingProxyType({})


def gather(connection: Connection, month: Month, *, told_at: str) -> Material:
    """Read it; the connection should see one moment (REPEATABLE READ)."""
    tree = read_tree(connection)
    frozen = frozen_months(connection)
    earlier = [each for each in frozen if each.month.first < month.first]
    return Material(
        month=month,
        tree=tree,
        now=sums_as_was(connection, tree=tree, first=month.first, last=month.last),
        before=sums_as_was(connection, tree=tree, first=month.before.first, last=month.before.last),
        controls=_controls(connection, tree, month),
        targets=_targets(connection, month.last),
        frozen_before=_frozen_before(connection, month),
        certified_buyers=_certified_buyers(connection, tree, month),
        gain_per_invoice_ore=_gain_per_invoice(connection),
        adjustments=adjustments(connection, earlier, among=frozen, tree=tree, told_at=told_at),
    )


def _controls(connection: Connection, tree: UnitTree, month: Month) -> dict[str, Control]:
    seen = sums_as_was(connection, tree=tree, first=month.covered_from, last=month.last)
    query = (
        select(ledger.c.unit, func.sum(ledger.c.documents), func.sum(ledger.c.amount_ore))
        .where(ledger.c.day.between(month.covered_from, month.last))
        .group_by(ledger.c.unit)
    )
    # A unit that the reference does not know is stated without a root: it counts under the first one.
    root = next(iter(tree.roots(month.last)), "")
    own = {
        Sent(root, unit): {"documents": int(documents), "amount_ore": int(amount)}
        for unit, documents, amount in connection.execute(query)
    }
    stated = climbed(own, tree=tree, day=month.last)
    return {unit: _control(seen.get(unit, {}), total) for unit, total in stated.items()}


def _certified_buyers(connection: Connection, tree: UnitTree, month: Month) -> dict[str, Figure]:
    """Of the different buyers of the twelve months up to the month's end, those who were certified on that day."""
    first, last = span(ACTIVE, month.last)
    active: dict[str, set[str]] = defaultdict(set)
    for begin, end in spans(tree, first=first, last=last):
        for root, unit, buyer in connection.execute(_BOUGHT, {"first": begin, "last": end}):
            for above in chain(Sent(root, unit), tree=tree, day=begin):
                active[above].add(buyer)
    certified = {buyer for (buyer,) in connection.execute(_CERTIFIED, {"day": month.last})}
    return {unit: Figure(len(bought & certified), len(bought)) for unit, bought in active.items()}


def _gain_per_invoice(connection: Connection) -> int:
    """As the merge has it from the active ruleset."""
    newest = select(unit_snapshots.c.body["gain_per_invoice_ore"]).order_by(unit_snapshots.c.applied.desc()).limit(1)
    return int(connection.scalar(newest) or RuleSettings().gain_per_invoice_ore)


def _control(seen: Measures, stated: Measures) -> Control:
    return Control(
        seen_documents=seen.get("seen_documents", 0),
        seen_ore=seen.get("seen_ore", 0),
        documents=stated["documents"],
        amount_ore=stated["amount_ore"],
    )


def _targets(connection: Connection, day: date) -> dict[tuple[str, str], Target]:
    """The targets that hold on the day; of several the one that began last."""
    query = (
        select(targets.c.unit, targets.c.figure, targets.c.target, targets.c.valid_to)
        .where(func.coalesce(targets.c.valid_from, day) <= day, func.coalesce(targets.c.valid_to, day) >= day)
        .order_by(targets.c.valid_from.nulls_first())
    )
    return {
        (unit, figure): Target(float(target), valid_to) for unit, figure, target, valid_to in connection.execute(query)
    }


def _frozen_before(connection: Connection, month: Month) -> dict[str, dict[str, float | None]]:
    query = select(reports.c.unit, reports.c.body).where(reports.c.month == month.before.first)
    return {
        unit: {name: figure["value"] for name, figure in body["figures"].items()}
        for unit, body in connection.execute(query.order_by(reports.c.revision))
    }

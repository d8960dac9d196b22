"""What a month's reports are made of, read from the database at one moment."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from models.reference.tree import UnitTree
from models.tally.figures import Control
from sinks.database.schema import ledger, reports, targets
from sinks.database.sums import Measures, Sent, climbed, read_tree, sums_as_was
from sinks.reports.month import Month


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


def gather(connection: Connection, month: Month) -> Material:
    """Read it; the connection should see one moment (REPEATABLE READ)."""
    tree = read_tree(connection)
    return Material(
        month=month,
        tree=tree,
        now=sums_as_was(connection, tree=tree, first=month.first, last=month.last),
        before=sums_as_was(connection, tree=tree, first=month.before.first, last=month.before.last),
        controls=_controls(connection, tree, month),
        targets=_targets(connection, month.last),
        frozen_before=_frozen_before(connection, month),
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

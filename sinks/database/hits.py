"""Which rules meet how much: counted from the lines as they are judged now."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from models.rules.ruleset import Ruleset
from sinks.database.schema import purchase_lines, purchases


class Hit(NamedTuple):
    """What a rule decided, by the version that made the purchase's last revision."""

    rule: str
    ruleset: str
    purchases: int
    lines: int
    amount_ore: int


def hits_since(connection: Connection, day: date) -> list[Hit]:
    """Every rule that decided a line of a purchase of that day or later which counts, by rule and version."""
    query = (
        select(
            purchase_lines.c.rule,
            purchases.c.ruleset,
            func.count(purchase_lines.c.purchase.distinct()),
            func.count(),
            func.coalesce(func.sum(purchase_lines.c.amount_ore), 0),
        )
        .join_from(purchase_lines, purchases, purchases.c.purchase == purchase_lines.c.purchase)
        .where(purchases.c.day >= day, purchases.c.tallied)
        .group_by(purchase_lines.c.rule, purchases.c.ruleset)
        .order_by(purchase_lines.c.rule, purchases.c.ruleset)
    )
    return [
        Hit(rule, ruleset, many, lines, int(amount)) for rule, ruleset, many, lines, amount in connection.execute(query)
    ]


def without_hit(ruleset: Ruleset, hits: Iterable[Hit]) -> list[str]:
    """The enabled rules that decided nothing, whatever version did."""
    met = {hit.rule for hit in hits}
    return [rule.id for rule in ruleset.rules if rule.enabled and rule.id not in met]

"""The rules in force, what they decided, who activated them, and what the shadow ruleset would decide."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import msgspec
from sqlalchemy import Connection, RowMapping, select, text

from models.rules.ruleset import Rule, Ruleset, read_ruleset
from sinks.database.hits import hits_since
from sinks.database.schema import ruleset_records

HIT_DAYS = 90
MOVES = """
select l->'live'->>'rule' as rule, l->'live'->>'outcome' as outcome,
       l->'shadow'->>'rule' as shadow_rule, l->'shadow'->>'outcome' as shadow_outcome,
       count(distinct purchase) as purchases, sum((l->>'lines')::bigint)::bigint as lines,
       sum((l->>'amount_ore')::bigint)::bigint as amount_ore
from shadow_judgements cross join lateral jsonb_array_elements(body->'lines') l
where ruleset = :ruleset and day >= :first
group by 1, 2, 3, 4 order by bool_or(l->'live' <> l->'shadow') desc, 7 desc, 1, 3
"""


class RuleLine(msgspec.Struct, frozen=True):
    """A rule of the ruleset in force, in its order, and what it decided in the last days."""

    place: int
    rule: Rule
    purchases: int = 0
    lines: int = 0
    amount_ore: int = 0

    @property
    def is_idle(self) -> bool:
        """Switched on, and without a hit."""
        return self.rule.enabled and not self.lines


class Activation(msgspec.Struct, frozen=True):
    """A ruleset that was made the active one."""

    ruleset: str
    author: str
    approver: str
    comment: str
    said_at: datetime | None


class ShadowMove(msgspec.Struct, frozen=True):
    """Lines that one rule decides now and another, or the same, would."""

    rule: str
    outcome: str
    shadow_rule: str
    shadow_outcome: str
    purchases: int
    lines: int
    amount_ore: int

    @property
    def differs(self) -> bool:
        return (self.rule, self.outcome) != (self.shadow_rule, self.shadow_outcome)


class Held(msgspec.Struct, frozen=True):
    """The ruleset that judges, the one that runs beside it, and all activations, newest first."""

    ruleset: Ruleset
    shadow: Ruleset | None = None
    activations: tuple[Activation, ...] = ()


def read_held(connection: Connection, *, default: str) -> Held:
    """What was published last of each ruleset holds; where none is active, the one that is shipped."""
    rows = connection.execute(select(ruleset_records).order_by(ruleset_records.c.offset)).mappings().all()
    newest = {row["ruleset"]: row for row in rows}
    active = max((row for row in newest.values() if row["active"]), key=lambda row: row["ruleset"], default=None)
    shadow = max((row for row in newest.values() if row["shadow"]), key=lambda row: row["ruleset"], default=None)
    return Held(
        ruleset=read_ruleset(active["text"] if active else default),
        shadow=read_ruleset(shadow["text"]) if shadow else None,
        activations=tuple(reversed(_activations(rows))),
    )


def read_rules(connection: Connection, *, ruleset: Ruleset, today: date) -> list[RuleLine]:
    """Every rule with its hits, whatever version of the ruleset made them."""
    sums: dict[str, tuple[int, int, int]] = {}
    for hit in hits_since(connection, today - timedelta(days=HIT_DAYS - 1)):
        before = sums.get(hit.rule, (0, 0, 0))
        sums[hit.rule] = (before[0] + hit.purchases, before[1] + hit.lines, before[2] + hit.amount_ore)
    return [RuleLine(place, rule, *sums.get(rule.id, (0, 0, 0))) for place, rule in enumerate(ruleset.rules, start=1)]


def read_shadow_moves(connection: Connection, *, ruleset: Ruleset, today: date) -> list[ShadowMove]:
    """What the shadow judged in the last days beside the live rules, what differs first."""
    asked = {"ruleset": ruleset.label, "first": today - timedelta(days=HIT_DAYS - 1)}
    return [ShadowMove(**row) for row in connection.execute(text(MOVES), asked).mappings()]


def _activations(rows: Iterable[RowMapping]) -> list[Activation]:
    """A record is one where its ruleset was not the active one before."""
    found, active = [], ""
    for row in rows:
        if row["active"] and row["ruleset"] != active:
            active = row["ruleset"]
            found.append(Activation(*(row[name] for name in Activation.__struct_fields__)))
        elif not row["active"] and row["ruleset"] == active:
            active = ""
    return found

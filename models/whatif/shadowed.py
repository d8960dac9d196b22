"""How the shadow ruleset judges a purchase beside the live one: the value of the topic that the rules' page is fed by."""

from collections.abc import Iterable
from datetime import date

import msgspec

from models.judgement import Judgement
from models.whatif.moves import Side, amount_of, line_pairs, side_of


class ShadowedLines(msgspec.Struct, frozen=True):
    """Lines of a purchase that one rule decides now and another, or the same, would."""

    live: Side
    shadow: Side
    lines: int
    amount_ore: int


class Shadowed(msgspec.Struct, frozen=True, kw_only=True):
    """A purchase that counts, judged by both; `ruleset` is the shadow's."""

    purchase: str
    generation: int
    revision: int
    unit: str
    day: date
    ruleset: str
    live: Side
    shadow: Side
    amount_ore: int
    lines: tuple[ShadowedLines, ...]


def shadowed(live: Judgement, shadow: Judgement) -> Shadowed:
    """The two judgements of one revision, side by side."""
    return Shadowed(
        purchase=live.purchase,
        generation=live.generation,
        revision=live.revision,
        unit=live.unit,
        day=live.day,
        ruleset=shadow.ruleset,
        live=side_of(live),
        shadow=side_of(shadow),
        amount_ore=sum(live.amounts_ore.values()),
        lines=tuple(_lines(live, shadow)),
    )


def _lines(live: Judgement, shadow: Judgement) -> Iterable[ShadowedLines]:
    sums: dict[tuple[Side, Side], tuple[int, int]] = {}
    for old, new in line_pairs(live, shadow):
        sides = side_of(old), side_of(new)
        lines, amount = sums.get(sides, (0, 0))
        sums[sides] = (lines + 1, amount + amount_of(old, new))
    return (ShadowedLines(*sides, *sum_) for sides, sum_ in sums.items())

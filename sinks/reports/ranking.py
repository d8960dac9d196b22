"""Who is ranked in its peer group, and where."""

from collections.abc import Mapping, Sequence
from statistics import median

import msgspec

from models.tally.figures import Figure
from models.tally.report import HEADLINE, Peers, Unranked


class Limits(msgspec.Struct, frozen=True):
    """Below or above these a unit is shown, not ranked (domain.md, Figures)."""

    minimum_purchases: int = 10
    review_ceiling: float = 0.10
    coverage_floor: float = 0.80


class Contender(msgspec.Struct, frozen=True):
    """A unit with what its rank rests on."""

    unit: str
    group: tuple[str, ...]
    """Units with the same one are compared."""
    group_name: str | None
    figures: Mapping[str, Figure]


def ranked(contenders: Sequence[Contender], *, limits: Limits) -> dict[str, Peers]:
    """Each unit's place among its peers; equal rates share a rank."""
    groups: dict[tuple[str, ...], list[Contender]] = {}
    for one in contenders:
        groups.setdefault(one.group, []).append(one)
    return {unit: peers for group in groups.values() for unit, peers in _places(group, limits).items()}


def unranked(figures: Mapping[str, Figure], limits: Limits) -> Unranked | None:
    """Why a unit with these figures is not ranked; None if it is."""
    review, coverage = figures["review_share"].value, figures["coverage_amount"].value
    if figures[HEADLINE].value is None:
        return Unranked.EMPTY
    if figures["e_handelsgrad_count"].denominator < limits.minimum_purchases:
        return Unranked.FEW
    if review is not None and review > limits.review_ceiling:
        return Unranked.REVIEW
    if coverage is not None and coverage < limits.coverage_floor:
        return Unranked.COVERAGE
    return None


def _places(group: Sequence[Contender], limits: Limits) -> dict[str, Peers]:
    reasons = {one.unit: unranked(one.figures, limits) for one in group}
    rates = {one.unit: one.figures[HEADLINE].value or 0.0 for one in group if reasons[one.unit] is None}
    middle = median(rates.values()) if rates else None
    return {
        one.unit: Peers(
            group=one.group_name,
            units=len(group),
            ranked=len(rates),
            rank=_rank(rates, one.unit),
            median=middle,
            unranked=reasons[one.unit],
        )
        for one in group
    }


def _rank(rates: Mapping[str, float], unit: str) -> int | None:
    if unit not in rates:
        return None
    return 1 + sum(1 for rate in rates.values() if rate > rates[unit])

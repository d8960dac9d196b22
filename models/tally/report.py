"""What a month's report of a unit says: the value of `compliance.reports`, and of a row of the table `reports`."""

from datetime import date
from enum import StrEnum

import msgspec

HEADLINE = "e_handelsgrad_amount"
ADJUSTED = (HEADLINE, "e_handelsgrad_count")
"""The figures of which an adjustment says what they were and are."""


class Unranked(StrEnum):
    """Why a unit is shown and not ranked (domain.md, Figures); the first that applies."""

    EMPTY = "empty"
    FEW = "few"
    REVIEW = "review"
    COVERAGE = "coverage"


class Reported(msgspec.Struct, frozen=True, omit_defaults=True):
    """A figure of the month; `value` and what is compared with it are fractions, `change` against the month before."""

    numerator: int
    denominator: int
    value: float | None
    target: float | None = None
    distance: float | None = None
    """Value less target: below zero what is still to go."""
    valid_to: date | None = None
    change: float | None = None


class Peers(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where the unit stands among those of its peer group; without a group among those of its level and parent."""

    group: str | None
    units: int
    ranked: int
    rank: int | None = None
    median: float | None = None
    unranked: Unranked | None = None


class Above(msgspec.Struct, frozen=True):
    """A unit up the chain, with its own headline of the month."""

    unit: str
    name: str
    level: str
    value: float | None


class Rate(msgspec.Struct, frozen=True):
    """A figure as it was, or has become."""

    numerator: int
    denominator: int
    value: float | None


class Reason(msgspec.Struct, frozen=True):
    """What changed a frozen month: the cause of the new judgements, or `units.changed` where the tree was corrected."""

    cause: str
    purchases: int
    catalogue_ore: int
    off_channel_ore: int
    review_ore: int

    @property
    def amounts(self) -> tuple[int, int, int]:
        return self.catalogue_ore, self.off_channel_ore, self.review_ore


class Adjustment(msgspec.Struct, frozen=True, kw_only=True):
    """What has changed in a month after it was frozen; the frozen report stays as it is."""

    month: str
    revision: int
    """Which revision of the month it adjusts."""
    told_at: str
    before: dict[str, Rate]
    """The headline as it was last told."""
    after: dict[str, Rate]
    measures: dict[str, int]
    """Every measure that differs: after less before."""
    reasons: tuple[Reason, ...]


class UnitReport(msgspec.Struct, frozen=True, kw_only=True):
    """A unit's month, in the tree as it was on each day of it."""

    month: str
    first: date
    last: date
    unit: str
    name: str
    level: str
    parent: str | None
    root: str
    peer_group: str | None
    fte: float | None
    tree: str = "as_was"
    generation: int
    revision: int = 1
    frozen_at: str
    """RFC 3339, UTC."""
    measures: dict[str, int]
    figures: dict[str, Reported]
    peers: Peers
    chain: tuple[Above, ...]
    """From the unit's parent to the root."""
    gain_ore: int
    left_to_gain_ore: int
    adjustments: tuple[Adjustment, ...] = ()
    """What has changed in frozen months since they were last told of: of months before, and of a revision's own."""

    @property
    def headline(self) -> Reported:
        return self.figures[HEADLINE]

"""Alerts: a figure that falls below its target, and purchases of units that the reference does not know.

Each is told when it begins and when it ends, whatever ends it: the figure, the target or the unit itself.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from models.tally.snapshot import UnitSnapshot

WATCHED = ("30d", "12m")
"""Windows whose crossings are told; shorter ones cross back and forth by nature."""
UNKNOWN_UNITS = "unknown_units"
"""The figure of an alert that counts the units which only purchases name; it is told of the root's unassigned unit."""
ALWAYS = "12m"


class Alert(msgspec.Struct, frozen=True, rename={"before": "from", "after": "to"}):
    """The value of `compliance.alerts`."""

    unit: str
    figure: str
    window: str
    before: float
    after: float
    target: float
    since: str
    state: str
    generation: int
    revision: int
    """Every alert of a unit has one of its own, the later the greater."""
    names: tuple[str, ...] = ()
    """Of unknown units: as purchases name them."""


class Seen(msgspec.Struct, frozen=True):
    """What was last seen of a figure with a target."""

    value: float
    below: bool
    since: str = ""
    """When the alert began; empty while there is none."""
    target: float = 0.0


class Told(msgspec.Struct, frozen=True):
    """What is known of a unit's alerts."""

    figures: dict[str, Seen] = {}
    """By figure and window, with a bar between."""
    unknown: tuple[str, ...] = ()
    unknown_since: str = ""
    """When the alert of unknown units began; empty while there is none."""
    revision: int = 0
    """That of the last alert told."""

    @property
    def is_open(self) -> bool:
        """Has any alert begun that has not ended?"""
        return bool(self.unknown_since) or any(seen.since for seen in self.figures.values())


class _Change(msgspec.Struct, frozen=True):
    """An alert before it is numbered."""

    figure: str
    window: str
    before: float
    after: float
    target: float
    since: str
    state: str
    names: tuple[str, ...] = ()


def alerts_of(
    before: Told, snapshot: UnitSnapshot, *, unknown: Sequence[str] = (), loud: bool
) -> tuple[Told, list[Alert]]:
    """The alerts of a new snapshot. When it is not loud, as for changes of past days, none begins."""
    figures, crossed = _crossings(before.figures, snapshot, loud=loud)
    since, found = _unknown(before, tuple(unknown), snapshot.as_of, loud=loud)
    alerts = [_numbered(each, snapshot, before.revision + place) for place, each in enumerate([*crossed, *found], 1)]
    return Told(figures, tuple(unknown), since, before.revision + len(alerts)), alerts


def _crossings(
    before: Mapping[str, Seen], snapshot: UnitSnapshot, *, loud: bool
) -> tuple[dict[str, Seen], list[_Change]]:
    seen: dict[str, Seen] = {}
    changes: list[_Change] = []
    for figure, window, target, value in _watched(snapshot):
        name = f"{figure}|{window}"
        old = before.get(name)
        if value is None:  # nothing to measure: neither above nor below
            seen |= {name: old} if old is not None else {}
            continue
        below = value < target
        if old is None or old.below == below:
            seen[name] = Seen(value, below, old.since if old is not None else "", target)
            continue
        seen[name] = Seen(value, below, snapshot.as_of if below and loud else "", target)
        if loud or old.since:  # what was told to begin is told to end, whatever ended it
            state, since = ("crossed", snapshot.as_of) if below else ("ended", old.since or snapshot.as_of)
            changes.append(_Change(figure, window, old.value, value, target, since, state))
    return seen, [*changes, *_without_target(before, seen)]


def _watched(snapshot: UnitSnapshot) -> Iterator[tuple[str, str, float, float | None]]:
    for window in WATCHED:
        found = snapshot.windows[window]
        for figure, target in found.targets.items():
            value = found.figures[figure]["value"]
            yield figure, window, target.target, None if value is None else float(value)


def _without_target(before: Mapping[str, Seen], seen: Mapping[str, Seen]) -> Iterator[_Change]:
    """Where the target is over, or the unit is gone, an open alert is over too."""
    for name, old in before.items():
        if old.since and name not in seen:
            figure, _, window = name.rpartition("|")
            yield _Change(figure, window, old.value, old.value, old.target, old.since, "ended")


def _unknown(before: Told, now: tuple[str, ...], as_of: str, *, loud: bool) -> tuple[str, list[_Change]]:
    """It begins with the first unknown unit, is told again with each new one, and ends when all are known or gone."""

    def change(since: str, state: str) -> _Change:
        return _Change(UNKNOWN_UNITS, ALWAYS, len(before.unknown), len(now), 0, since, state, now)

    if not now:
        return "", [change(before.unknown_since, "ended")] if before.unknown_since else []
    if loud and not set(now) <= set(before.unknown):
        since = before.unknown_since or as_of
        return since, [change(since, "crossed")]
    return before.unknown_since, []


def _numbered(change: _Change, snapshot: UnitSnapshot, revision: int) -> Alert:
    fields = msgspec.structs.asdict(change)
    return Alert(unit=snapshot.unit, generation=snapshot.generation, revision=revision, **fields)

"""Crossings of targets: a figure that falls below its target begins an alert, one that is back ends it."""

from collections.abc import Mapping

import msgspec

from models.tally.snapshot import UnitSnapshot

WATCHED = ("30d", "12m")
"""Windows whose crossings are told; shorter ones cross back and forth by nature."""


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


class Seen(msgspec.Struct, frozen=True):
    """What was last seen of a figure with a target."""

    value: float
    below: bool
    since: str = ""
    """When the alert began; empty while there is none."""


def crossings(before: Mapping[str, Seen], snapshot: UnitSnapshot, *, loud: bool) -> tuple[dict[str, Seen], list[Alert]]:
    """The alerts of a new snapshot. When it is not loud, as for changes of past days, none begins."""
    seen: dict[str, Seen] = {}
    alerts: list[Alert] = []
    for window in WATCHED:
        found = snapshot.windows[window]
        for figure, target in found.targets.items():
            value = found.figures[figure]["value"]
            if value is None:
                continue
            name, below = f"{figure}|{window}", value < target.target
            old = before.get(name)
            if old is None or old.below == below:
                seen[name] = Seen(float(value), below, old.since if old is not None else "")
                continue
            seen[name] = Seen(float(value), below, snapshot.as_of if below and loud else "")
            if loud or old.since:  # what was told to begin is told to end, whatever ended it
                state, told = ("crossed", snapshot.as_of) if below else ("ended", old.since or snapshot.as_of)
                alerts.append(
                    Alert(
                        snapshot.unit,
                        figure,
                        window,
                        old.value,
                        float(value),
                        target.target,
                        told,
                        state,
                        snapshot.generation,
                        snapshot.revision,
                    )
                )
    return seen, alerts

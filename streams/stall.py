"""Whether a process has work and does not get on with it: a pure function of what was seen."""

from collections.abc import Mapping

import msgspec

from streams.outbox import Place


class Watch(msgspec.Struct, frozen=True):
    """Since when, on the monotonic clock, each place that has work has stood still."""

    since: dict[Place, float] = {}


class Seen(msgspec.Struct, frozen=True):
    """One place at one moment."""

    lag: int
    progressed_at: float
    """When its partition last got on: a finished batch, a sweep's slice, its opening."""
    is_open: bool = True


def watched(watch: Watch, seen: Mapping[Place, Seen], *, now: float) -> Watch:
    """Places that are opening, or have nothing to do, do not stand still."""
    working = {place: each for place, each in seen.items() if each.is_open and each.lag > 0}
    return Watch({place: max(watch.since.get(place, now), each.progressed_at) for place, each in working.items()})


def stalled(watch: Watch, *, now: float, timeout_s: float) -> str | None:
    """A sentence about the place that has stood still longest, if that is too long."""
    place, since = min(watch.since.items(), key=lambda each: each[1], default=(("", 0), now))
    if now - since <= timeout_s:
        return None
    return f"{place[0]} partition {place[1]} has records waiting and has not moved for {now - since:.0f} s"

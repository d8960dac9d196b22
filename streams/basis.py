"""What a process judges by right now: the follower's snapshot and the compiled ruleset, bound together."""

from collections import deque

from models.purchase.assessing import Basis
from models.reference.snapshot import Snapshot
from models.reference.touched import EVERYTHING, Touched, difference
from models.rules.judge import judge_of
from sinks import metrics
from streams.follower import Follower

FORMER = 3
"""Snapshots that are still known, so that a sweep can tell what has changed since."""


class CurrentBasis:
    """Binds one snapshot to its ruleset; a batch takes it once."""

    def __init__(self, *, follower: Follower, default_ruleset: str) -> None:
        self._follower = follower
        self._default_ruleset = default_ruleset
        self._basis: Basis | None = None
        self._former: deque[Snapshot] = deque(maxlen=FORMER)

    async def ready(self) -> Basis:
        """Wait until all reference data that is there has been read."""
        await self._follower.ready()
        return self.now()

    def now(self) -> Basis:
        """The basis of the newest snapshot."""
        snapshot = self._follower.snapshot
        if self._basis is None or self._basis.snapshot is not snapshot:
            if self._basis is not None:
                self._former.append(self._basis.snapshot)
            judge = judge_of(snapshot.ruleset_text or self._default_ruleset)
            self._basis = Basis(snapshot, judge)
            metrics.judged_by(snapshot.number, judge.label)
        return self._basis

    def touched_since(self, reference: int) -> Touched:
        """What has changed since a reference number; everything, if that is not known any more."""
        former = next((snapshot for snapshot in self._former if snapshot.number == reference), None)
        return difference(former, self.now().snapshot) if former is not None else EVERYTHING

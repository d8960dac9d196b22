"""What a process judges by right now: the follower's snapshot and the compiled ruleset, bound together."""

from models.purchase.assessing import Basis
from models.rules.judge import judge_of
from sinks import metrics
from streams.follower import Follower


class CurrentBasis:
    """Binds one snapshot to its ruleset; a batch takes it once."""

    def __init__(self, *, follower: Follower, default_ruleset: str) -> None:
        self._follower = follower
        self._default_ruleset = default_ruleset
        self._basis: Basis | None = None

    async def ready(self) -> Basis:
        """Wait until all reference data that is there has been read."""
        await self._follower.ready()
        return self.now()

    def now(self) -> Basis:
        """The basis of the newest snapshot."""
        snapshot = self._follower.snapshot
        if self._basis is None or self._basis.snapshot is not snapshot:
            judge = judge_of(snapshot.ruleset_text or self._default_ruleset)
            self._basis = Basis(snapshot, judge)
            metrics.REFERENCE.set(snapshot.number)
        return self._basis

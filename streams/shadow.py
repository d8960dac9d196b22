"""The shadow: another ruleset on live traffic, whose results go to the metrics and to the rules' page and nowhere else."""

from collections.abc import Sequence

import msgspec
import structlog

from models.judgement import Judgement
from models.purchase.assessing import Basis
from models.purchase.lifecycle import Moment, judged_again
from models.purchase.row import Row
from models.reference.snapshot import Snapshot
from models.rules.judge import judge_of
from models.topics import SHADOW
from models.whatif.shadowed import shadowed
from sinks import metrics
from streams.outbox import Record

log = structlog.get_logger(__name__)


class Shadow:
    """Judges what was just judged by the reference's shadow ruleset, if there is one. It never stands in the way."""

    def __init__(self) -> None:
        self._snapshot: Snapshot | None = None
        self._basis: Basis | None = None

    def look(self, judgements: Sequence[Judgement], row: Row, *, basis: Basis, moment: Moment) -> list[Record]:
        """Count for each revised purchase of the row whether the shadow judges it as the live ruleset does, and tell it."""
        shadow = self._of(basis.snapshot)
        if shadow is None or not judgements:
            return []
        try:
            others = judged_again(row, basis=shadow, moment=moment).row.published
        except Exception:
            log.exception("shadow_failed", ruleset=shadow.judge.label)
            return []
        told = []
        for judgement in judgements:
            other = others.get(judgement.purchase)
            if other is not None and judgement.tallied:
                result = "same" if same(judgement, other.judgement) else "differs"
                metrics.SHADOW.labels(judgement.rule, other.judgement.rule, result).inc()
                told.append(_record(judgement, other.judgement))
        return told

    def _of(self, snapshot: Snapshot) -> Basis | None:
        """The shadow's basis; compiled once for each snapshot."""
        if snapshot is not self._snapshot:
            self._snapshot = snapshot
            self._basis = _basis_of(snapshot)
        return self._basis


def same(one: Judgement, other: Judgement) -> bool:
    """The same outcome, channel and rule."""
    return (one.outcome, one.channel, one.rule) == (other.outcome, other.channel, other.rule)


def _record(live: Judgement, shadow: Judgement) -> Record:
    return Record(SHADOW, None, live.purchase.encode(), msgspec.json.encode(shadowed(live, shadow)))


def _basis_of(snapshot: Snapshot) -> Basis | None:
    row = snapshot.shadow_ruleset
    if row is None:
        return None
    try:
        return Basis(snapshot, judge_of(row.text))
    except ValueError:
        log.exception("shadow_unusable", ruleset=row.key)
        return None

"""Is a run's output true? Every judgement, cell, window and refusal is compared with the tests' oracle.

The oracle looks at everything at once and takes the square of the time. Purchases that share no number have nothing to
do with each other, so it is asked in slices.
"""

import time
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from bench.ground import Ground
from handelspuls.streaming import default_ruleset
from models.facts import AnyFact
from models.reference.snapshot import Snapshot
from models.rules.judge import Judge, judge_of
from models.topics import ORDERS, PARTIALS, PURCHASES, REJECTED, UNITS
from models.vocabulary import RejectionCode
from tests.oracle import Oracle
from tests.system import truth
from tests.system.tap import Tap

SLICE = 300
"""Facts in a slice, at least."""
QUIET_MS = 2_000
"""Longer than the merge is ever silent while it has something to say."""
SETTLED_WITHIN_S = 300.0
SHOWN = 3


class Truth:
    """What should come of the events of a ground, worked out once."""

    def __init__(self, ground: Ground) -> None:
        tap = Tap(ground.bootstrap, [PURCHASES])
        tap.catch_up()
        facts, self._refused = _read(tap)
        tap.close()
        self._oracle = whole(facts, truth.snapshot_in(Path(ground.reference)), judge_of(default_ruleset()))

    def mistakes_of(self, ground: Ground) -> list[str]:
        """Wait until the run's outputs are complete, and say what is wrong with them."""
        tap = Tap(ground.bootstrap, [ORDERS, PARTIALS, UNITS, REJECTED])
        try:
            _settle(tap)
            return [*self._of_purchases(tap), *self._of_sums(tap), *self._of_refusals(tap)]
        finally:
            tap.close()

    def _of_purchases(self, tap: Tap) -> Iterator[str]:
        told = truth.told_purchases(truth.judgements(tap))
        yield from _some("purchase", truth.differences(told, truth.true_purchases(self._oracle)))
        try:
            truth.assert_told_once(tap)
        except AssertionError as wrong:
            yield f"a revision was told twice or left out: {wrong!s:.200}"

    def _of_sums(self, tap: Tap) -> Iterator[str]:
        yield from _some("cell", truth.differences(truth.told_cells(tap), truth.true_cells(self._oracle)))
        units = truth.snapshots(tap)
        today = date.fromisoformat(next(iter(units.values()))["day"]) if units else date.today()  # noqa: DTZ011
        windows = truth.true_windows(self._oracle, today)
        yield from _some("window", truth.differences(truth.told_windows(units), windows))

    def _of_refusals(self, tap: Tap) -> Iterator[str]:
        headers = [dict(record.headers) for record in tap.of(REJECTED)]
        told = {
            (one["topic"].decode(), int(one["partition"]), int(one["offset"])): one["code"].decode() for one in headers
        }
        yield from _some("refusal", truth.differences(told, self._refused))


def whole(facts: Iterable[AnyFact], snapshot: Snapshot, judge: Judge) -> Oracle:
    """The oracle of all facts, put together from its slices."""
    all_of_it = Oracle([], snapshot, judge)
    for slice_ in slices(facts):
        part = Oracle(slice_, snapshot, judge)
        all_of_it.purchases.update(part.purchases)
        for place, measures in part.cells.items():
            cell = all_of_it.cells[place]
            for name, value in measures.items():
                cell[name] += value
    return all_of_it


def slices(facts: Iterable[AnyFact]) -> Iterator[list[AnyFact]]:
    """Facts that name a number in common are in one slice, in their order."""
    groups: dict[str, list[AnyFact]] = {}
    for fact in facts:
        together = list({id(groups[name]): groups[name] for name in _names(fact) if name in groups}.values())
        group = [each for one in together for each in one]
        group.append(fact)
        for each in group:
            groups.update(dict.fromkeys(_names(each), group))
    gathered: list[AnyFact] = []
    for group in {id(group): group for group in groups.values()}.values():
        gathered += group
        if len(gathered) >= SLICE:
            yield gathered
            gathered = []
    yield gathered


def _names(fact: AnyFact) -> set[str]:
    order = getattr(fact, "order", None)
    stated = [getattr(fact, name, None) for name in ("number", "invoice", "credit_note", "cancelled")]
    return {
        str(name)
        for name in [*stated, order.number if order is not None and not isinstance(order, str) else order]
        if name
    }


def _read(tap: Tap) -> tuple[list[AnyFact], dict[tuple[str, int, int], str]]:
    facts, refused = truth.read_all(tap)
    return facts, {place: str(RejectionCode(code).value) for place, code in refused.items()}


def _settle(tap: Tap) -> None:
    deadline = time.monotonic() + SETTLED_WITHIN_S
    while True:
        tap.catch_up()
        newest = max(tap.newest_ms(topic) for topic in (ORDERS, PARTIALS, UNITS))
        if time.time() * 1000 - newest > QUIET_MS or time.monotonic() > deadline:
            return
        time.sleep(0.2)


def _some(what: str, differences: list[str]) -> list[str]:
    more = [f"{what}: {len(differences) - SHOWN} more"] if len(differences) > SHOWN else []
    return [f"{what} {each:.400}" for each in differences[:SHOWN]] + more

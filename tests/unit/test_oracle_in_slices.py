"""The benchmark asks the oracle in slices; the answer is that of the whole."""

from pathlib import Path

from bench.history import events, write_reference_of
from bench.truth import SLICE, slices, whole
from handelspuls.streaming import default_ruleset
from models.contract.decode import decode_event
from models.facts import AnyFact
from models.refusal import RefusalError
from models.rules.judge import judge_of
from tests.oracle import Oracle
from tests.system import truth

PURCHASES = 500


def facts() -> list[AnyFact]:
    found: list[AnyFact] = []
    for message in events(PURCHASES):
        try:
            found.append(decode_event(message.value, headers={}, pseudonym=truth.pseudonym))
        except RefusalError:
            continue
    return found


def test_slices_hold_every_fact_once() -> None:
    history = facts()
    parts = list(slices(history))
    assert len(parts) > 1
    assert all(len(part) >= SLICE for part in parts[:-1])
    assert sorted(map(id, (fact for part in parts for fact in part))) == sorted(map(id, history))


def test_the_oracle_of_the_slices_is_the_oracle_of_all(tmp_path: Path) -> None:
    history = facts()
    snapshot = truth.snapshot_in(write_reference_of(tmp_path, PURCHASES, thin=True))
    judge = judge_of(default_ruleset())
    at_once, in_slices = Oracle(history, snapshot, judge), whole(history, snapshot, judge)
    assert truth.true_purchases(in_slices) == truth.true_purchases(at_once)
    assert truth.true_cells(in_slices) == truth.true_cells(at_once)

"""What the benchmark makes of its observations."""

import pytest

from bench.cost import REST, shares, stage_of
from bench.latency import percentiles
from bench.process import Measured
from bench.results import Run, results

FETCH = "main (a.py:1);Fetcher._proc (aiokafka/consumer/fetcher.py:9);decode (aiokafka/record/default.py:3)"
DECODE = (
    "Judging.step (streams/judging.py:1);received (streams/reading.py:2);purchase_id (models/contract/purchase_id.py:4)"
)


def run(rate: float, *mistakes: str) -> Run:
    return Run(Measured(events_per_s=rate, cpu_us_per_event=10, peak_mb=100), mistakes)


def test_a_sample_belongs_to_its_innermost_stage() -> None:
    assert stage_of(FETCH) == "fetch"
    assert stage_of(DECODE) == "decode"
    assert stage_of("run (asyncio/base_events.py:1)") == REST


def test_the_shares_of_the_stages_are_those_of_the_samples() -> None:
    found = shares(f"{FETCH} 3\n{DECODE} 1\n")
    assert (found["fetch"], found["decode"], sum(found.values())) == (0.75, 0.25, 1.0)


def test_percentiles_are_in_milliseconds() -> None:
    found = percentiles([n / 1000 for n in range(1, 101)])
    assert (found["n"], found["p50"], found["p99"], found["max"]) == (100, 51.0, 100.0, 100.0)


def test_a_wrong_run_counts_as_zero() -> None:
    found = results({"worker": [run(500), run(900, "purchase x"), run(700)]}, purchases=1, events=2)
    worker = found.programs["worker"]
    assert worker.events_per_s.runs == [500.0, 0.0, 700.0]
    assert (worker.events_per_s.median, worker.wrong_runs) == (500.0, 1)


@pytest.mark.parametrize(("worker", "floor", "ratio"), [(800, 1000, 0.8), (0, 1000, 0.0)])
def test_the_ratio_is_that_of_the_medians(worker: float, floor: float, ratio: float) -> None:
    found = results({"worker": [run(worker)], "hand_written": [run(floor)]}, purchases=1, events=2)
    assert found.ratios == {"worker_to_hand_written": ratio}

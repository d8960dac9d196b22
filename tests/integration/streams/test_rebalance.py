"""Workers that join, leave, die and sleep while records keep coming: every record counts exactly once."""

import json
import signal
import time

from tests.integration.streams.conftest import StartWorker
from tests.integration.streams.workers import (
    SESSION_S,
    Load,
    Worker,
    committed,
    outputs,
    produce,
    verify_exactly_once,
    wait_until,
)

MARGIN_S = 3.0
"""For joining, opening and two busy cores."""


def until_told(kafka: str, prefix: str, count: int, *workers: Worker) -> None:
    def told() -> bool:
        assert all(worker.process.poll() is None for worker in workers), [each.log.read_text() for each in workers]
        return sum(outputs(kafka, prefix).values()) >= count

    wait_until(f"{count} results", told)


def test_every_record_counts_once_whether_routed_or_not(kafka: str, prefix: str, start_worker: StartWorker) -> None:
    produce(kafka, prefix, range(3_000))
    until_told(kafka, prefix, 3_000, start_worker("one"))
    verify_exactly_once(kafka, prefix, range(3_000))
    routed = [int(record.value) for record in committed(kafka, f"{prefix}.routed")]
    assert sorted(routed) == list(range(0, 3_000, 3))


def test_a_worker_at_rest_writes_what_waits_to_be_flushed(kafka: str, prefix: str, start_worker: StartWorker) -> None:
    produce(kafka, prefix, range(400))
    worker = start_worker("one")
    until_told(kafka, prefix, 400, worker)

    def noted() -> int:
        last = {record.key: int(record.value) for record in committed(kafka, f"{prefix}.notes")}
        return sum(last.values())

    wait_until("a note of every record, routed ones twice", lambda: noted() == 400 + 134)


def test_a_second_worker_joins_and_leaves_and_nothing_is_lost_or_repeated(
    kafka: str, prefix: str, start_worker: StartWorker
) -> None:
    with Load(kafka, prefix) as load:
        one = start_worker("one")
        until_told(kafka, prefix, 1_000, one)
        two = start_worker("two")
        wait_until("two has partitions of its own", lambda: two.is_ready() and len(_last_assigned(one)) == 2)
        until_told(kafka, prefix, sum(outputs(kafka, prefix).values()) + 2_000, one, two)
        began = time.monotonic()
        two.send(signal.SIGTERM)
        assert two.ended() == 0
        assert time.monotonic() - began < SESSION_S
        wait_until("one has all again", lambda: _last_assigned(one) == {0, 1, 2, 3})
        assert time.monotonic() - began < SESSION_S
    until_told(kafka, prefix, len(load.numbers), one)
    verify_exactly_once(kafka, prefix, load.numbers)


def test_a_worker_that_opens_slowly_holds_up_neither_the_others_nor_its_own_end(
    kafka: str, prefix: str, start_worker: StartWorker
) -> None:
    with Load(kafka, prefix) as load:
        one = start_worker("one")
        until_told(kafka, prefix, 500, one)
        slow = start_worker("slow", opening_s=600.0)
        wait_until("slow is opening", lambda: len(_last_assigned(slow)) == 2)
        assert "is being opened" in slow.page("/readyz")[1]["reasons"][0]
        until_told(kafka, prefix, sum(outputs(kafka, prefix).values()) + 1_000, one)
        slow.send(signal.SIGTERM)
        began = time.monotonic()
        assert slow.ended() == 0
        wait_until("one has all again", lambda: _last_assigned(one) == {0, 1, 2, 3})
        assert time.monotonic() - began < SESSION_S
    until_told(kafka, prefix, len(load.numbers), one)
    verify_exactly_once(kafka, prefix, load.numbers)


def test_partition_n_of_both_topics_and_half_of_all_goes_to_each_of_two_workers(
    kafka: str, prefix: str, start_worker: StartWorker
) -> None:
    one, two = start_worker("one"), start_worker("two")
    wait_until("both ready", lambda: one.is_ready() and two.is_ready())
    wait_until("two partitions each", lambda: _last_assigned(one) | _last_assigned(two) == {0, 1, 2, 3})
    assert len(_last_assigned(one)) == len(_last_assigned(two)) == 2


def test_a_worker_killed_mid_stream_and_started_again_counts_exactly_once(
    kafka: str, prefix: str, start_worker: StartWorker
) -> None:
    with Load(kafka, prefix, rate=5_000) as load:
        for round_ in range(3):
            worker = start_worker("one")
            until_told(kafka, prefix, 2_000 + sum(outputs(kafka, prefix).values()), worker)
            if round_ < 2:
                worker.kill()
    until_told(kafka, prefix, len(load.numbers), worker)
    verify_exactly_once(kafka, prefix, load.numbers)


def test_a_worker_that_slept_longer_than_its_session_is_refused_and_nothing_is_wrong(
    kafka: str, prefix: str, start_worker: StartWorker
) -> None:
    with Load(kafka, prefix) as load:
        sleeper, other = start_worker("sleeper"), start_worker("other")
        wait_until("both ready", lambda: sleeper.is_ready() and other.is_ready())
        until_told(kafka, prefix, 1_000, sleeper, other)
        before = len(_assignments(sleeper))
        sleeper.send(signal.SIGSTOP)
        wait_until("the other has all", lambda: _last_assigned(other) == {0, 1, 2, 3} and other.is_ready())
        until_told(kafka, prefix, sum(outputs(kafka, prefix).values()) + 1_000, other)
        sleeper.send(signal.SIGCONT)
        assert wait_until("refused or joined anew", lambda: _is_refused(sleeper) or len(_assignments(sleeper)) > before)
    until_told(kafka, prefix, len(load.numbers), other)
    verify_exactly_once(kafka, prefix, load.numbers)


def test_a_worker_killed_amid_a_transaction_holds_up_the_routed_no_longer_than_session_and_transaction(
    kafka: str, prefix: str, start_worker: StartWorker
) -> None:
    with Load(kafka, prefix, rate=500) as load:
        survivor, doomed = start_worker("survivor"), start_worker("doomed", dies_after=300)
        assert doomed.ended(within_s=60) == -signal.SIGKILL
        sent = len(load.numbers)
        routed = {number for number in range(sent, sent + 300) if number % 3 == 0}
        wait_until(
            "what was routed after its death is told",
            lambda: routed <= outputs(kafka, prefix).keys(),
            within_s=2 * SESSION_S + MARGIN_S,
        )
    until_told(kafka, prefix, len(load.numbers), survivor)
    verify_exactly_once(kafka, prefix, load.numbers)


def _is_refused(worker: Worker) -> bool:
    """It ends itself where it still had something to write; with nothing in hand it joins anew."""
    return worker.process.poll() == 70 and "was refused by the broker" in worker.log.read_text()


def _assignments(worker: Worker) -> list[set[int]]:
    lines = [line for line in worker.log.read_text().splitlines() if '"partitions assigned"' in line]
    return [set(json.loads(line)["assigned"]) for line in lines]


def _last_assigned(worker: Worker) -> set[int]:
    return next(reversed(_assignments(worker)), set())

"""What a worker says about itself, and how it ends when it should not go on."""

from tests.integration.streams.conftest import StartWorker
from tests.integration.streams.workers import HANGS, PARTITIONS, RAISES, committed, produce, wait_until


def test_a_worker_tells_why_it_is_not_ready_and_then_that_it_is(
    kafka: str, prefix: str, start_worker: StartWorker
) -> None:
    worker = start_worker("one")
    status, why = wait_until("an answer", lambda: worker.page("/readyz") if worker.page("/readyz")[0] else None)
    assert status == 200 or why["reasons"]
    wait_until("ready", worker.is_ready)
    assert worker.page("/livez") == (200, {"ok": True, "reasons": []})


def test_at_rest_the_lag_is_nothing_although_topics_end_in_markers(
    kafka: str, prefix: str, start_worker: StartWorker
) -> None:
    produce(kafka, prefix, range(300))
    worker = start_worker("one")
    wait_until("all told", lambda: len(committed(kafka, f"{prefix}.output")) == 300)
    wait_until("no lag", lambda: worker.page("/readyz")[1].get("lag") == 0, within_s=10)


def test_an_exception_in_the_step_ends_the_process_and_commits_nothing_of_the_batch(
    kafka: str, prefix: str, start_worker: StartWorker
) -> None:
    produce(kafka, prefix, [1, int(RAISES)])
    worker = start_worker("one")
    assert worker.ended() == 70
    assert "the step met what it can't handle" in worker.log.read_text()


def test_a_worker_that_stands_still_ends_itself_with_a_sentence(
    kafka: str, prefix: str, start_worker: StartWorker
) -> None:
    produce(kafka, prefix, [int(HANGS)])
    worker = start_worker("one", stall_timeout_s=2.0)
    assert worker.ended() == 70
    assert "has records waiting and has not moved for" in worker.log.read_text()


def test_a_worker_without_work_does_not_stand_still(kafka: str, prefix: str, start_worker: StartWorker) -> None:
    produce(kafka, prefix, range(PARTITIONS))
    worker = start_worker("one", stall_timeout_s=1.0)
    wait_until("ready", worker.is_ready)
    produce(kafka, prefix, range(PARTITIONS, 2 * PARTITIONS))
    wait_until("all told", lambda: len(committed(kafka, f"{prefix}.output")) == 2 * PARTITIONS)
    assert worker.process.poll() is None

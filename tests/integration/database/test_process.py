import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kafka import KafkaProducer

from deploy.local.child import free_port
from models.topics import ORDERS
from sinks.database.sink import Watch
from tests.integration.database.builders import judgement, value
from tests.integration.database.conftest import Bench, wait_until

ENDS_WITHIN_S = 30


@contextmanager
def process(log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        child = subprocess.Popen(
            [sys.executable, "-m", "handelspuls", "database"], env=os.environ | environment, stderr=out, stdout=out
        )
    try:
        yield child
    finally:
        child.kill()
        child.wait()


def test_a_process_without_a_database_says_that_it_waits_and_ends_when_told(tmp_path: Path) -> None:
    log = tmp_path / "log"
    url = f"postgresql+psycopg://postgres@127.0.0.1:{free_port()}/none"
    with process(log, DATABASE_URL=url, KAFKA_BOOTSTRAP_SERVERS=f"127.0.0.1:{free_port()}") as child:
        wait_until(lambda: "sink waits" in log.read_text(), what="it says so")
        assert "Connection refused" in log.read_text()
        child.send_signal(signal.SIGTERM)
        assert child.wait(ENDS_WITHIN_S) == 0


def test_a_process_without_kafka_says_that_it_waits_and_ends_when_told(bench: Bench, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with process(log, DATABASE_URL=bench.url, KAFKA_BOOTSTRAP_SERVERS=f"127.0.0.1:{free_port()}") as child:
        wait_until(lambda: "sink waits" in log.read_text(), what="it says so")
        child.send_signal(signal.SIGTERM)
        assert child.wait(ENDS_WITHIN_S) == 0


def test_topics_that_are_not_there_yet_are_named_and_waited_for(bench: Bench) -> None:
    waits: list[str] = []
    missing = bench.topic("not-made-yet")
    bench.feeds[missing] = next(iter(bench.feeds.values()))
    bench.start(bench.sink(watch=Watch(waits=waits.append)))
    wait_until(lambda: any(missing in reason for reason in waits), what="the topic is named")


def test_only_committed_records_count_and_the_lag_ends_at_zero(bench: Bench) -> None:
    lags: dict[str, int] = {}
    producer = KafkaProducer(bootstrap_servers=bench.bootstrap, transactional_id=bench.prefix)
    producer.init_transactions()
    for number in range(6):
        producer.begin_transaction()
        producer.send(bench.topic(ORDERS), key=b"k", value=value(judgement(str(number))))
        if number % 2:
            producer.abort_transaction()
        else:
            producer.commit_transaction()
    producer.close()
    bench.start(bench.sink(watch=Watch(lag=lags.__setitem__)))
    bench.wait_for("select number from purchases order by 1", [("0",), ("2",), ("4",)])
    wait_until(lambda: lags.get(bench.topic(ORDERS)) == 0, what="lag 0")

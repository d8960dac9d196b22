import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.local.broker import running_broker
from deploy.local.child import free_port
from streams.topic_setup import create_topics
from tests.integration.sending.commands import ROOT, Ends, command, environment
from tests.integration.streams.workers import wait_until
from tests.unit.contract.builders import an_event, encoded


@contextmanager
def watching(bootstrap: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    log = (folder.parent / "watch.log").open("ab")
    process = subprocess.Popen(
        command("send", "--watch", folder), cwd=ROOT, env=environment(bootstrap), stdout=log, stderr=log
    )
    try:
        wait_until("it watches", lambda: b"watching" in (folder.parent / "watch.log").read_bytes())
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait(10)
        log.close()


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    folder = tmp_path / "drop"
    folder.mkdir()
    return folder


def test_a_file_is_sent_when_it_is_whole_and_moved_to_done(topics: str, ends: Ends, drop: Path) -> None:
    first, second = encoded(an_event(data__order="1")), encoded(an_event(data__order="2", id="e2"))
    with watching(topics, drop):
        with (drop / "orders.jsonl").open("wb", buffering=0) as growing:
            growing.write(first + b"\n" + second[:40])
            (drop / "late.jsonl.part").write_bytes(first)
            (drop / "marker.jsonl").write_bytes(first)
            growing.write(second[40:])
        wait_until(
            "both are sent", lambda: (drop / "done/orders.jsonl").exists() and (drop / "done/marker.jsonl").exists()
        )
    assert sorted(record.value for record in ends.new()) == sorted([first, second, first])
    assert sorted(path.name for path in drop.iterdir()) == ["done", "late.jsonl.part"]


def test_what_is_refused_lies_beside_a_text_that_says_why(topics: str, ends: Ends, drop: Path) -> None:
    good = encoded(an_event())
    with watching(topics, drop):
        (drop / "orders.jsonl").write_bytes(good + b"\n{broken\n")
        (drop / "notes.txt").write_bytes(b"hello")
        wait_until(
            "both are refused",
            lambda: len(list(drop.glob("refused/*.txt.txt"))) == 1 and not list(drop.glob("*.jsonl")),
        )
    why = (drop / "refused/orders.jsonl.txt").read_text()
    assert "orders.jsonl: 1 refused, 1 sent." in why
    assert "line 2: not_json: The value is no JSON" in why
    assert [record.value for record in ends.new()] == [good]


def test_a_name_that_was_there_before_is_kept_apart(topics: str, drop: Path) -> None:
    (drop / "done").mkdir()
    (drop / "done/orders.json").write_bytes(b"earlier")
    (drop / "orders.json").write_bytes(encoded(an_event()))
    with watching(topics, drop):
        wait_until("it is sent", (drop / "done/orders.1.json").exists)
    assert (drop / "done/orders.json").read_bytes() == b"earlier"


def test_while_kafka_is_away_files_stay_and_are_sent_when_it_comes(drop: Path, tmp_path: Path) -> None:
    port = free_port()
    (drop / "orders.json").write_bytes(encoded(an_event()))
    with watching(f"127.0.0.1:{port}", drop):
        wait_until("it says so", lambda: b"The files stay" in (tmp_path / "watch.log").read_bytes())
        assert (drop / "orders.json").exists()
        with running_broker(folder=tmp_path / "kafka", port=port) as broker:
            create_topics(bootstrap_servers=broker.bootstrap, prefix="x.1", partitions=1, replication=1)
            wait_until("it is sent", (drop / "done/orders.json").exists)

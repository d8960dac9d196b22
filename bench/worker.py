"""One worker on a history that waits for it: events a second and CPU for each, beside the judging alone.

    .venv/bin/python -m bench.worker [--purchases 20000]

The worker is the real process on the embedded Kafka: contract events, all rules, evidence, durable rows, partials,
judgements, metrics. The baseline decodes and judges the same events in this process, without Kafka and without a table:
what is between the two is the price of the stream.
"""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from kafka import KafkaProducer

from deploy.local.broker import running_broker
from deploy.local.simulator.reference import write_reference
from deploy.local.simulator.story import history
from deploy.local.simulator.town import found
from handelspuls.streaming import default_ruleset
from models.contract.decode import decode_event
from models.contract.pseudonym import keyed
from models.facts import AnyFact
from models.judgement import Origin
from models.purchase.assessing import Basis
from models.purchase.lifecycle import Moment
from models.purchase.memory import Rows
from models.reference.changes import loaded_snapshot
from models.reference.folder import read_folder
from models.refusal import RefusalError
from models.rules.judge import judge_of
from models.topics import PURCHASES

KEY = "a key for measuring only"
PORT = 19_105
POLL_S = 0.1


def judged_alone(values: list[bytes], reference: Path) -> float:
    """CPU microseconds an event, decoding and judging in memory."""
    pseudonym = keyed(KEY.encode())
    files = {file.name: file.read_bytes() for file in reference.iterdir()}
    rows = Rows(Basis(loaded_snapshot(read_folder(files, pseudonym=pseudonym)), judge_of(default_ruleset())))
    moment = Moment(Origin(PURCHASES, 0, 0), "2026-01-01T00:00:00Z")
    started = time.process_time()
    for value in values:
        fact = _decoded(value, pseudonym)
        if fact is not None:
            rows.receive(fact, kind="order.placed", moment=moment)
    return (time.process_time() - started) * 1e6 / len(values)


def _decoded(value: bytes, pseudonym: Callable[[str], str]) -> AnyFact | None:
    try:
        return decode_event(value, headers={}, pseudonym=pseudonym)
    except RefusalError:
        return None


def worked(environment: dict[str, str], events: int) -> tuple[float, float]:
    """Events a second and CPU microseconds an event of a worker, from its first batch to lag 0."""
    worker = subprocess.Popen([sys.executable, "-m", "handelspuls", "worker"], env=environment)
    try:
        first = _until(lambda lag: 0 < lag < events)
        cpu = _cpu_s(worker.pid)
        began = time.monotonic()
        _until(lambda lag: lag == 0)
        seconds, spent = time.monotonic() - began, _cpu_s(worker.pid) - cpu
        return first / seconds, spent * 1e6 / first
    finally:
        worker.terminate()
        worker.wait(40)


def _until(reached: Callable[[int], bool]) -> int:
    while True:
        time.sleep(POLL_S)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=2) as answer:
                lag = int(json.load(answer)["lag"])
        except OSError:
            continue
        if reached(lag):
            return lag


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@click.command()
@click.option("--purchases", default=20_000, show_default=True)
def main(purchases: int) -> None:
    """Measure, and print one JSON line."""
    now = datetime.now(tz=UTC)
    values = [one for one in history(found(1, now), purchases) if one.topic == PURCHASES]
    with TemporaryDirectory() as folder, running_broker(folder=Path(folder) / "kafka") as broker:
        reference = Path(folder) / "reference"
        write_reference(reference, 1, now=now, purchases=purchases)
        environment = {
            **os.environ,
            "KAFKA_BOOTSTRAP_SERVERS": broker.bootstrap,
            "HANDELSPULS_DATA_DIR": f"{folder}/data",
            "HANDELSPULS_PRIVACY_KEY": KEY,
            "HANDELSPULS_METRICS_PORT": str(PORT),
            "HANDELSPULS_LOG_LEVEL": "warning",
        }
        for command in (["topics"], ["reference", "load", str(reference)]):
            subprocess.run([sys.executable, "-m", "handelspuls", *command], env=environment, check=True, stdout=2)
        producer = KafkaProducer(bootstrap_servers=broker.bootstrap, linger_ms=5, max_request_size=4 << 20)
        for one in values:
            producer.send(one.topic, key=one.key, value=one.value)
        producer.flush()
        producer.close()
        rate, cpu = worked(environment, len(values))
        alone = judged_alone([one.value for one in values], reference)
    result = {"events": len(values), "events_per_s": round(rate), "cpu_us_per_event": round(cpu)}
    click.echo(json.dumps(result | {"judging_alone_cpu_us": round(alone), "ratio_cpu": round(cpu / alone, 2)}))


if __name__ == "__main__":
    main()

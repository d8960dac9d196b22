"""Latency at a steady rate: from the producer to the judgement a subscriber sees, and to the unit's snapshot.

    .venv/bin/python -m bench.latency [--rate 1000] [--seconds 30] [--partitions 4] [--before 5000]

`--before` purchases are there before; the rate then goes on with the same history. Each event's clock starts when it is
handed to the producer; a judgement's stops when a committed reader has it.
"""

import json
import time
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import islice

import click
import msgspec

from bench.compare import COMMITTED, MERGE, SERVICE
from bench.ground import Ground, ground
from bench.history import EVENTS_PER_PURCHASE, events, write_reference_of
from bench.process import measured, started
from bench.results import machine
from bench.steady import Subscriber, count_of, legs, sending, to_judgement, to_snapshot
from models.tally.snapshot import UnitSnapshot
from models.topics import UNITS
from tests.system.tap import Tap

SETTLE_S = 3.0
SHARES = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "max": 1.0}


def latency(*, rate: float, seconds: float, partitions: int, before: int) -> dict[str, object]:
    """Percentiles in milliseconds."""
    steady = round(rate * seconds)
    purchases = before + round(steady / EVENTS_PER_PURCHASE) + before // 10 + 100
    all_events = events(purchases)
    with ground(partitions=partitions) as place, ExitStack() as running:
        first = islice(all_events, round(before * EVENTS_PER_PURCHASE))
        place.prepare(write_reference_of(place.reference, purchases), first)
        messages = list(islice(all_events, steady))
        for command, name in ((MERGE, "merge"), (SERVICE, "w1")):
            process = started(command, counter=COMMITTED, ground=place, instance=name)
            last = running.enter_context(process)
            last.wait_ready()
        if place.sent:
            measured(last, events=place.sent)
        counts = _counts(place)
        subscriber = Subscriber(place.bootstrap)
        sent = subscriber.read_until(running.enter_context(sending(place.bootstrap, messages, rate=rate)))
        judgements = subscriber.judgements()
        to_units = to_snapshot(sent, judgements, subscriber.snapshots(), counts)
        subscriber.close()
    times = list(sent.values())
    return {
        "events": len(sent),
        "events_per_s": round(len(sent) / (max(times) - min(times))),
        "partitions": partitions,
        "to_judgement_ms": percentiles(to_judgement(sent, judgements)),
        "legs_ms": {leg: percentiles(values) for leg, values in legs(sent, judgements).items()},
        "to_snapshot_ms": percentiles(to_units),
        "machine": machine(),
    }


def _counts(place: Ground) -> dict[str, int]:
    """What the units' snapshots count before the steady events."""
    tap = Tap(place.bootstrap, [UNITS])
    while True:
        tap.catch_up()
        if time.time() * 1000 - tap.newest_ms(UNITS) > SETTLE_S * 1000:
            break
        time.sleep(0.2)
    records = {record.key.decode(): record.value for record in tap.of(UNITS)}
    tap.close()
    return {unit: count_of(msgspec.json.decode(value, type=UnitSnapshot)) for unit, value in records.items()}


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Of at least one value; in milliseconds."""
    ordered = sorted(seconds)
    if not ordered:
        return {"n": 0}
    at = {name: ordered[min(int(len(ordered) * share), len(ordered) - 1)] for name, share in SHARES.items()}
    return {"n": len(ordered)} | {name: round(value * 1000, 1) for name, value in at.items()}


@click.command()
@click.option("--rate", default=1000.0, show_default=True)
@click.option("--seconds", default=30.0, show_default=True)
@click.option("--partitions", default=4, show_default=True)
@click.option("--before", default=5_000, show_default=True)
def main(rate: float, seconds: float, partitions: int, before: int) -> None:
    """Measure, and print JSON."""
    click.echo(json.dumps(latency(rate=rate, seconds=seconds, partitions=partitions, before=before), indent=2))


if __name__ == "__main__":
    main()

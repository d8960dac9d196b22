"""What grows with size: speed, memory, disk and the time until a worker is ready again.

    .venv/bin/python -m bench.sizes --purchases 10000 --purchases 100000 [--partitions 4] [--items 60000]

For each size a worker reads a history of that many purchases. Then: how fast the next events go; its memory; its store on
disk and its changelog at the broker; and, after kill -9, how soon it is ready with its store and without it. `--items`
makes the catalogue larger.
"""

import json
import shutil
import time
from itertools import islice
from pathlib import Path

import click

from bench.catalogue import widen
from bench.compare import COMMITTED, MERGE, SERVICE
from bench.ground import Ground, ground
from bench.history import EVENTS_PER_PURCHASE, events, write_reference_of
from bench.process import measured, started
from bench.results import machine

PROBE_EVENTS = 10_000
PROBE_PURCHASES = round(PROBE_EVENTS / EVENTS_PER_PURCHASE) + 100
ROWS = "handelspuls_table_rows"


def size(purchases: int, *, partitions: int, items: int) -> dict[str, object]:
    """The figures at one size."""
    history = events(purchases + PROBE_PURCHASES)
    with ground(partitions=partitions) as place:
        reference = write_reference_of(place.reference, purchases)
        widen(reference, items)
        place.prepare(reference, islice(history, round(purchases * EVENTS_PER_PURCHASE)))
        with started(MERGE, counter=COMMITTED, ground=place, instance="merge") as merge:
            merge.wait_ready()
            found = _filled(place)
            place.send(probe := list(islice(history, PROBE_EVENTS)))
            found |= _goes_on(place, len(probe))
            shutil.rmtree(place.data / "w1")
            found |= {"ready_without_store_s": _ready_again(place)}
    return {"purchases": purchases, "partitions": partitions, "items": items} | found


def _filled(place: Ground) -> dict[str, object]:
    """The first worker: reads all of it, and is killed."""
    with started(SERVICE, counter=COMMITTED, ground=place, instance="w1") as worker:
        began = time.monotonic()
        worker.wait_ready()
        ready, memory = time.monotonic() - began, worker.memory_mb("VmRSS")
        speed = measured(worker, events=place.sent)
        rows = sum(sample.value for sample in worker.samples() if sample.name == ROWS)
        full, peak = worker.memory_mb("VmRSS"), worker.memory_mb("VmHWM")
        worker.kill()
    store, changelog = _size_of(place.data / "w1"), _changelog(place)
    return {
        "empty_ready_s": round(ready, 1),
        "empty_memory_mb": round(memory),
        "filled_events_per_s": round(speed.events_per_s),
        "rows": round(rows),
        "memory_mb": round(full),
        "peak_mb": round(peak),
        "memory_bytes_per_row": round((full - memory) * 2**20 / max(rows, 1)),
        "store_bytes_per_row": round(store / max(rows, 1)),
        "changelog_bytes_per_row": round(changelog / max(rows, 1)),
    }


def _goes_on(place: Ground, probe: int) -> dict[str, object]:
    """Started again with its store: when it is ready, and how fast it goes on."""
    with started(SERVICE, counter=COMMITTED, ground=place, instance="w1") as worker:
        began = time.monotonic()
        worker.wait_ready()
        ready = time.monotonic() - began
        speed = measured(worker, events=probe)
        worker.kill()
    return {
        "ready_with_store_s": round(ready, 1),
        "then_events_per_s": round(speed.events_per_s),
        "then_cpu_us_per_event": round(speed.cpu_us_per_event),
    }


def _ready_again(place: Ground) -> float:
    with started(SERVICE, counter=COMMITTED, ground=place, instance="w1") as worker:
        began = time.monotonic()
        worker.wait_ready()
        return round(time.monotonic() - began, 1)


def _changelog(place: Ground) -> int:
    return sum(
        _size_of(folder) for folder in (place.folder / "kafka" / "log").glob(f"{place.app}.1.purchases-changelog-*")
    )


def _size_of(folder: Path) -> int:
    return sum(file.stat().st_blocks * 512 for file in folder.rglob("*") if file.is_file())


@click.command()
@click.option("--purchases", "sizes", type=int, multiple=True, default=(10_000,), show_default=True)
@click.option("--partitions", default=4, show_default=True)
@click.option("--items", default=60_000, show_default=True)
def main(sizes: tuple[int, ...], partitions: int, items: int) -> None:
    """Measure each size, and print a JSON line for it."""
    for one in sizes:
        click.echo(json.dumps(size(one, partitions=partitions, items=items) | {"machine": machine()}))


if __name__ == "__main__":
    main()

"""`python -m tests.chaos.soak`: long and steady load with faults; memory, open files and lag of each process are to stay flat."""

import sys
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import linear_regression
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click

from deploy.local.simulator import story
from deploy.local.simulator.town import found
from tests.chaos.disks import Disks
from tests.chaos.scene import Scene
from tests.system import erp
from tests.system.service import Service, started

EVERY_S = 5.0
FAULT_EVERY_S = 120.0
WARM_UP = 0.3
"""This part of the run is left out of the slopes."""
EVENTS_PER_PURCHASE = 1.7
SETTLED_WITHIN_S = 600.0
MEBIBYTE = 1 << 20


class Sample(NamedTuple):
    """One process at one moment, in seconds since it was started."""

    age_s: float
    rss: int
    files: int


@click.command()
@click.option("--minutes", default=30.0, show_default=True)
@click.option("--rate", default=1_000, show_default=True, help="Events a second.")
@click.option("--seed", default=1, show_default=True)
@click.option("--most-mib-an-hour", default=60.0, show_default=True, help="A steeper slope of memory fails the run.")
def main(*, minutes: float, rate: int, seed: int, most_mib_an_hour: float) -> None:
    """Run the service under load, kill a worker every two minutes, and tell what grew."""
    with TemporaryDirectory(prefix="handelspuls-soak-") as name:
        folder = Path(name)
        for part in ("service", "reference"):
            (folder / part).mkdir()
        reference = erp.reference(folder / "reference", 1_000, seed=seed)
        service = Service(folder / "service")
        with started(service, reference=reference, workers=2):
            grew = _soak(service, reference, minutes=minutes, rate=rate, seed=seed)
            _wait_for_no_lag(service)
            compared = service.run("rebuild")
            click.echo(compared.stdout.strip())
    sys.exit(1 if compared.returncode or max(grew.values(), default=0) > most_mib_an_hour else 0)


def _soak(service: Service, reference: Path, *, minutes: float, rate: int, seed: int) -> dict[str, float]:
    chance = Random(seed)
    messages = story.live(found(seed, erp.NOW), datetime.now(UTC), rate / EVENTS_PER_PURCHASE)
    samples: defaultdict[str, list[Sample]] = defaultdict(list)
    scene = Scene(service, reference=reference, messages=messages, chance=chance, disks=Disks(service.folder))
    end, kill_at = time.monotonic() + minutes * 60, time.monotonic() + FAULT_EVERY_S
    with scene, scene.load(rate=rate):
        while time.monotonic() < end:
            time.sleep(EVERY_S)
            _take(service, samples)
            if time.monotonic() > kill_at:
                kill_at += FAULT_EVERY_S
                scene.restart("w2")  # w1 lives through all of it
                samples.pop("w2", None)
    for said in scene.ended:
        click.echo(said)
    return _told(samples)


def _take(service: Service, samples: dict[str, list[Sample]]) -> None:
    for name, process in list(service.processes.items()):
        status = Path(f"/proc/{process.process.pid}")
        try:
            pages = int((status / "statm").read_text(encoding="ascii").split()[1])
            samples[name].append(Sample(time.monotonic(), pages * 4_096, len(list((status / "fd").iterdir()))))
        except OSError:
            samples.pop(name, None)


def _told(samples: dict[str, list[Sample]]) -> dict[str, float]:
    click.echo(f"{'process':<10} {'MiB':>7} {'MiB an hour':>12} {'files':>6} {'files an hour':>14}")
    slopes = {}
    for name, taken in sorted(samples.items()):
        late = taken[round(len(taken) * WARM_UP) :]
        if len(late) < 3:
            continue
        hours = [sample.age_s / 3600 for sample in late]
        memory = linear_regression(hours, [sample.rss / MEBIBYTE for sample in late]).slope
        files = linear_regression(hours, [sample.files for sample in late]).slope
        slopes[name] = memory
        click.echo(f"{name:<10} {late[-1].rss / MEBIBYTE:>7.0f} {memory:>12.1f} {late[-1].files:>6} {files:>14.1f}")
    return slopes


def _wait_for_no_lag(service: Service) -> None:
    deadline = time.monotonic() + SETTLED_WITHIN_S
    quiet = 0
    while quiet < 3:
        assert time.monotonic() < deadline, "there is lag still"
        time.sleep(2)
        lags = [
            sample.value
            for process in service.processes.values()
            if process.name not in {"web", "database"}
            for sample in process.samples()
            if sample.name == "handelspuls_lag_records"
        ]
        quiet = quiet + 1 if sum(lags) == 0 else 0


if __name__ == "__main__":
    main()

"""A process that is measured: what it has counted, what it has cost, how much memory it took."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from prometheus_client.parser import text_string_to_metric_families

from bench.ground import ROOT, Ground
from deploy.local.child import free_port, tail

POLL_S = 0.2
QUIET_S = 2.0
"""Nothing more is counted for so long: the work is done."""
STALLED_S = 60.0
STARTED_WITHIN_S = 120.0
STOPPED_WITHIN_S = 40.0


class Measured(msgspec.Struct, frozen=True):
    """One run of one program."""

    events_per_s: float
    cpu_us_per_event: float
    peak_mb: float


class Process:
    """Started by `started`."""

    def __init__(self, module: Sequence[str], *, counter: str, ground: Ground, instance: str) -> None:
        self.started_at = time.monotonic()
        self.port = free_port()
        self._counter = counter
        self.log = ground.folder / f"{ground.app}-{instance}.log"
        own = {"HANDELSPULS_METRICS_PORT": str(self.port), "HANDELSPULS_INSTANCE": instance}
        with self.log.open("ab") as out:
            self._child = subprocess.Popen(
                [sys.executable, "-m", *module],
                cwd=ROOT,
                env={**ground.environment, **own},
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    @property
    def pid(self) -> int:
        return self._child.pid

    def ask(self, path: str) -> str:
        """Its answer, or nothing while it does not give one.

        Raises:
            RuntimeError: it has ended.
        """
        if self._child.poll() is not None:
            raise RuntimeError(f"{self.log.stem} ended with code {self._child.returncode}: {tail(self.log)}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:  # our own
                return str(answer.read().decode())
        except OSError:
            return ""

    def samples(self) -> Iterator[Any]:
        """All its metrics as they are now."""
        for family in text_string_to_metric_families(self.ask("/metrics")):
            yield from family.samples

    def counted(self) -> int:
        """How many records it has worked on so far."""
        return sum(int(sample.value) for sample in self.samples() if sample.name == self._counter)

    def is_ready(self) -> bool:
        return bool(self.ask("/readyz"))

    def wait_ready(self) -> None:
        deadline = time.monotonic() + STARTED_WITHIN_S
        while not self.is_ready():
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.log.stem} is not ready: {tail(self.log)}")
            time.sleep(POLL_S)

    @property
    def cpu_s(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self, what: str) -> float:
        """`VmRSS` is now, `VmHWM` the most it ever was."""
        lines = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024

    def kill(self) -> None:
        """As a power cut does it."""
        self._child.kill()
        self._child.wait()

    def terminate(self) -> None:
        """Tell it to leave; it goes when it is ready to."""
        self._child.terminate()

    def end(self) -> None:
        self.terminate()
        try:
            self._child.wait(STOPPED_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.kill()


@contextmanager
def started(module: Sequence[str], *, counter: str, ground: Ground, instance: str) -> Iterator[Process]:
    """A process until the context ends."""
    process = Process(module, counter=counter, ground=ground, instance=instance)
    try:
        yield process
    finally:
        process.end()


def measured(process: Process, *, events: int) -> Measured:
    """Watch it work through `events` events, from its first records to its last.

    What it sends to itself on the way counts as part of the events' work: the time of all records is divided by events.
    """
    first_at, first, first_cpu = _wait_for_more(process)
    last_at, last, last_cpu = first_at, first, first_cpu
    while last < events or time.monotonic() - last_at < QUIET_S:
        if time.monotonic() - last_at > STALLED_S:
            raise RuntimeError(f"{process.log.stem} stands still at {last} of {events}: {tail(process.log)}")
        time.sleep(POLL_S)
        at, cpu, counted = time.monotonic(), process.cpu_s, process.counted()
        if counted > last:
            last_at, last, last_cpu = at, counted, cpu
    if last == first:  # so few that they were done at one go: then its start counts too
        first_at, first, first_cpu = process.started_at, 0, 0.0
    share = (last - first) / last
    return Measured(
        events_per_s=events * share / (last_at - first_at),
        cpu_us_per_event=(last_cpu - first_cpu) * 1e6 / (events * share),
        peak_mb=process.memory_mb("VmHWM"),
    )


def _wait_for_more(process: Process) -> tuple[float, int, float]:
    deadline = time.monotonic() + STARTED_WITHIN_S
    while (counted := process.counted()) == 0:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{process.log.stem} does not begin: {tail(process.log)}")
        time.sleep(POLL_S)
    return time.monotonic(), counted, process.cpu_s

"""What a record costs in the worker, stage by stage: the table of docs/performance.md.

    .venv/bin/python -m bench.cost [--purchases 20000]

py-spy looks at the worker's stacks 200 times a second while it works through a history. A sample belongs to the stage of
its innermost frame that has one; its share of the samples is its share of the worker's CPU. py-spy needs root, or
`kernel.yama.ptrace_scope=0`.
"""

import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bench.compare import COMMITTED, MERGE, SERVICE
from bench.ground import ground
from bench.history import events, write_reference_of
from bench.process import POLL_S, measured, started
from bench.results import machine

RATE = 200
REST = "event loop, tasks and what has no stage"
STAGES: tuple[tuple[str, str], ...] = (
    ("metrics", r"prometheus_client/|sinks/metrics\.py"),
    ("state: rows encoded and decoded", r"models/purchase/row\.py"),
    ("state: local store and cells", r"streams/(store|pending|cells|table)\.py"),
    ("decode", r"streams/reading\.py|models/contract/decode\.py|pseudonym \("),
    ("results: judgements encoded", r"_outputs \(|streams/(routing|rejecting)\.py"),
    ("judge: rules and look-ups", r"models/(rules|reference)/"),
    ("judge: contribution to the cells", r"models/tally/"),
    ("judge: life cycle and assessing", r"models/purchase/"),
    ("send: results, changelog and partials, one transaction", r"streams/outbox\.py|aiokafka/producer/"),
    ("fetch", r"aiokafka/(consumer|record|codec)|streams/transport\.py"),
    ("step and batch", r"streams/(judging|partition|batch)\.py"),
    ("network", r"aiokafka/|asyncio/(selector_events|streams|transports)\.py"),
    ("Faust", r"/?(faust|mode)/"),
)
"""The first that matches a frame `function (file:line)` is its stage."""
_COMPILED = [(name, re.compile(pattern)) for name, pattern in STAGES]


def stage_of(stack: str) -> str:
    """The stage of a folded stack, outermost frame first."""
    for frame in reversed(stack.split(";")):
        for name, pattern in _COMPILED:
            if pattern.search(frame):
                return name
    return REST


def shares(folded: str) -> dict[str, float]:
    """Each stage's share of the samples, in the order of STAGES."""
    samples: Counter[str] = Counter()
    for line in folded.splitlines():
        stack, _, count = line.rpartition(" ")
        samples[stage_of(stack)] += int(count)
    total = samples.total() or 1
    return {name: samples[name] / total for name in [*(name for name, _ in STAGES), REST]}


@contextmanager
def watched(pid: int, out: Path) -> Iterator[None]:
    """py-spy beside a process, until the context ends."""
    options = ["--pid", str(pid), "--format", "raw", "--output", str(out), "--rate", str(RATE), "--duration", "3600"]
    spy = subprocess.Popen(
        [str(Path(sys.executable).with_name("py-spy")), "record", "--nonblocking", *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        spy.send_signal(signal.SIGINT)
        spy.wait(30)


def cost(purchases: int, out: Path) -> tuple[float, dict[str, float]]:
    """CPU µs an event, and the stages' shares of it; the folded stacks are left in a file."""
    with ground() as place:
        place.prepare(write_reference_of(place.reference, purchases), events(purchases))
        count = place.sent
        with (
            started(MERGE, counter=COMMITTED, ground=place, instance="merge") as merge,
            started(SERVICE, counter=COMMITTED, ground=place, instance="w1") as worker,
        ):
            merge.wait_ready()
            while not worker.counted():
                time.sleep(POLL_S)
            with watched(worker.pid, out):
                found = measured(worker, events=count)
        return found.cpu_us_per_event, shares(out.read_text(encoding="utf-8"))


@click.command()
@click.option("--purchases", default=20_000, show_default=True)
@click.option("--stacks", type=click.Path(path_type=Path), help="Keep the folded stacks here, for a flame graph.")
def main(purchases: int, stacks: Path | None) -> None:
    """Print the table."""
    with TemporaryDirectory() as folder:
        total, found = cost(purchases, stacks or Path(folder) / "stacks")
    click.echo("| stage | µs/event | share |\n|---|---|---|")
    for name, share in found.items():
        click.echo(f"| {name} | {total * share:.1f} | {share:.1%} |")
    click.echo(f"| all | {total:.1f} | 100% |\n\n{purchases:,} purchases; {machine()}.")


if __name__ == "__main__":
    main()

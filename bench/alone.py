"""The models' work alone, without Kafka, Faust and a store: CPU µs an event, stage by stage.

    .venv/bin/python -m bench.alone [--purchases 5000]

The quickest look at what a change to the hot path has done. What the worker costs more than this is the stream's price.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import click
import msgspec

from bench.history import events, write_reference_of
from bench.results import machine
from handelspuls.streaming import default_ruleset
from models.contract.arrival import event_kind
from models.contract.decode import decode_event
from models.facts import AnyFact
from models.judgement import Origin
from models.purchase.assessing import Basis
from models.purchase.lifecycle import Moment, received
from models.purchase.row import decode, encode
from models.refusal import RefusalError
from models.rules.judge import judge_of
from models.topics import PURCHASES
from tests.system import truth

T = TypeVar("T")
MOMENT = Moment(Origin(PURCHASES, 0, 0), "2026-01-01T00:00:00Z")


class Stages:
    """CPU seconds by stage."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)

    def take(self, stage: str, work: Callable[[], T]) -> T:
        began = time.perf_counter()  # a thread's own clock costs ten times as much to ask
        try:
            return work()
        finally:
            self.spent[stage] += time.perf_counter() - began


class Alone:
    """Rows as bytes in memory; facts for other rows are taken at once."""

    def __init__(self, basis: Basis) -> None:
        self.stages = Stages()
        self._basis = basis
        self._rows: dict[str, bytes] = {}

    def take(self, value: bytes) -> None:
        try:
            fact = self.stages.take("decode", lambda: decode_event(value, headers={}, pseudonym=truth.pseudonym))
        except RefusalError:
            return
        self._judge(fact, event_kind(fact))

    def _judge(self, fact: AnyFact, kind: str) -> None:
        take, number = self.stages.take, fact.number
        row = take("row decoded", lambda: decode(self._rows.get(number)))
        step = take("judged", lambda: received(row, fact, kind=kind, basis=self._basis, moment=MOMENT))
        self._rows[number] = take("row encoded", lambda: encode(step.row))
        take("judgements encoded", lambda: [msgspec.json.encode(one) for one in step.judgements])
        for sent in step.sends:
            self._judge(sent, kind)


@click.command()
@click.option("--purchases", default=5_000, show_default=True)
def main(purchases: int) -> None:
    """Print the table."""
    with TemporaryDirectory() as folder:
        snapshot = truth.snapshot_in(write_reference_of(Path(folder), purchases, thin=True))
    alone = Alone(Basis(snapshot, judge_of(default_ruleset())))
    values = [message.value for message in events(purchases)]
    began = time.process_time()
    for value in values:
        alone.take(value)
    total = (time.process_time() - began) * 1e6 / len(values)
    wall = sum(alone.stages.spent.values())
    click.echo("| stage | µs/event |\n|---|---|")
    for stage, spent in alone.stages.spent.items():
        click.echo(f"| {stage} | {total * spent / wall:.1f} |")
    click.echo(f"| all | {total:.1f} |\n\n{len(values):,} events of {purchases:,} purchases; {machine()}.")


if __name__ == "__main__":
    main()

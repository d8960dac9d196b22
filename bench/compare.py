"""`make bench`: the service's worker beside a bare Faust loop, a usual Faust program and a loop by hand.

    .venv/bin/python -m bench.compare [--runs 5] [--purchases 30000] [--only worker,hand_written] [--out DIR]

All on one Kafka, on the same events, one after the other and round again. Beside all but the bare loop the service's
merge runs, as it does in production: it makes the units' figures of what they write. Every output is compared with the
oracle; a wrong run counts as zero.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import click
import msgspec

from bench.ground import Ground, ground
from bench.history import events, write_reference_of
from bench.picture import draw
from bench.process import measured, started
from bench.programs.surroundings import COUNTER
from bench.results import Results, Run, results, table
from bench.truth import Truth

COMMITTED = "handelspuls_batch_records_sum"
"""Records whose transaction is through: what the service's own processes count."""
SERVICE = ("handelspuls", "worker")
MERGE = ("handelspuls", "merge")
PROGRAMS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "worker": (SERVICE, COMMITTED),
    "hand_written": (("bench.programs.hand_written",), COUNTER),
    "typical_faust": (("bench.programs.typical_faust",), COUNTER),
    "bare_faust": (("bench.programs.bare_faust",), COUNTER),
}
SILENT = {"bare_faust"}
"""What writes nothing: nothing to compare, nothing to merge."""


def compare(*, runs: int, purchases: int, programs: tuple[str, ...], thin: bool = False) -> Results:
    """Measure all programs, interleaved."""
    with ground() as place:
        place.prepare(write_reference_of(place.reference, purchases, thin=thin), events(purchases))
        truth = Truth(place)
        done: dict[str, list[Run]] = {name: [] for name in programs}
        for number in range(1, runs + 1):
            for name in programs:
                run = one_run(name, place, truth=truth, count=place.sent)
                done[name].append(run)
                _say(f"{number}/{runs} {name}", run)
    return results(done, purchases=purchases, events=place.sent)


def one_run(name: str, place: Ground, *, truth: Truth, count: int) -> Run:
    """One program on empty outputs, and what is wrong with what it wrote."""
    place.begin()
    command, counter = PROGRAMS[name]
    with ExitStack() as running:
        if name not in SILENT:
            merge = started(MERGE, counter=COMMITTED, ground=place, instance="merge")
            running.enter_context(merge).wait_ready()
        process = running.enter_context(started(command, counter=counter, ground=place, instance="w1"))
        found = measured(process, events=count)
        return Run(found, [] if name in SILENT else truth.mistakes_of(place))


def _say(what: str, run: Run) -> None:
    found = run.measured
    click.echo(
        f"{what}: {found.events_per_s:,.0f} events/s, {found.cpu_us_per_event:,.0f} µs CPU, {found.peak_mb:,.0f} MB",
        err=True,
    )
    for mistake in run.mistakes:
        click.echo(f"  WRONG {mistake}", err=True)


@click.command()
@click.option("--runs", default=5, show_default=True)
@click.option("--purchases", default=30_000, show_default=True)
@click.option("--only", default=",".join(PROGRAMS), show_default=True, help="Programs, separated by commas.")
@click.option("--thin", is_flag=True, help="With a tenth of the catalogue, which starts sooner: for a check.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("bench"), show_default=True)
def main(*, runs: int, purchases: int, only: str, thin: bool, out: Path) -> None:
    """Measure; write results.json and results.svg to a folder, and print the table."""
    found = compare(runs=runs, purchases=purchases, programs=tuple(only.split(",")), thin=thin)
    out.mkdir(parents=True, exist_ok=True)
    (out / "results.json").write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
    draw(found, out / "results.svg")
    click.echo(table(found))
    if any(program.wrong_runs for program in found.programs.values()):
        raise SystemExit(1)


if __name__ == "__main__":
    main()

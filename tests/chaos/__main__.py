"""`make chaos SEED=…`: tries the faults, one line for each and a table at the end; exit code 1 on any difference."""

import sys
import time

import click

from tests.chaos.run import GROUPS, Outcome, chosen, run

COLUMNS = "{:<30} {:>6} {:>8} {:>9} {:>6} {:>12} {:>6}"


@click.command()
@click.option("--seed", default=1, show_default=True, help="Decides input, order and moments of the faults.")
@click.option("--short", is_flag=True, help="Only what CI tries, each a few times.")
@click.option("--only", multiple=True, help="A group or a fault; may be given several times.")
@click.option("--list", "listing", is_flag=True, help="Show the faults and end.")
def main(*, seed: int, short: bool, only: tuple[str, ...], listing: bool) -> None:
    """Try faults on the whole service and compare what it came to with the oracle."""
    groups = chosen(short=short, only=only)
    if not groups:
        raise click.UsageError(f"No fault is called {', '.join(only)}; --list shows them all.")
    if listing:
        for group in groups:
            for fault in group.faults:
                click.echo(f"{group.name:<10} {fault.name:<30} {fault.says}")
        return
    began = time.monotonic()
    click.echo(f"seed {seed}, {sum(len(group.faults) for group in groups)} faults of {len(GROUPS)} groups")
    outcomes = run(groups, seed=seed, short=short, tell=_tell)
    _show(outcomes, seconds=time.monotonic() - began)
    sys.exit(1 if any(one.differences for one in outcomes) else 0)


def _tell(one: Outcome) -> None:
    if one.not_here:
        click.echo(f"NOT TRIED {one.fault.name}: {one.not_here}")
        return
    mark = "DIFFERS" if one.differences else "ok     "
    click.echo(f"{mark}   {one.fault.name}: {one.fault.says}; {one.times} times, {one.seconds:.0f} s")
    for said in one.differences:
        click.echo(f"          difference: {said}")
    for said in one.ended:
        click.echo(f"          {said}")


def _show(outcomes: list[Outcome], *, seconds: float) -> None:
    click.echo("")
    click.echo(COLUMNS.format("fault", "times", "records", "rejected", "ended", "differences", "s"))
    for one in outcomes:
        _row(one.fault.name, one)
    totals = [sum(counts) for counts in zip(*(_counts(one) for one in outcomes), strict=True)]
    click.echo(COLUMNS.format("all", *totals, round(seconds)))


def _row(name: str, one: Outcome) -> None:
    times = one.times if not one.not_here else "-"
    click.echo(COLUMNS.format(name, times, *_counts(one)[1:], round(one.seconds)))


def _counts(one: Outcome) -> tuple[int, int, int, int, int]:
    return one.times, one.records, one.rejected, len(one.ended), len(one.differences)


if __name__ == "__main__":
    main()

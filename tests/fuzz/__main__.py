"""`make fuzz`: tries random inputs on every door and says how many were answered; exit code 1 at the first that is not."""

import sys
import time

import click

from tests.fuzz.doors import DOORS, NotAnsweredError, tried

TOLD_EVERY_S = 60.0


@click.command()
@click.option("--inputs", default=1_000_000, show_default=True, help="So many, over all doors.")
@click.option("--seed", default=1, show_default=True, help="Another one, other inputs.")
@click.option("--door", "only", type=click.Choice(sorted(DOORS)), multiple=True, help="Only these.")
def main(*, inputs: int, seed: int, only: tuple[str, ...]) -> None:
    """Send random JSON, XML and CSV through the reading of the service: each is answered, none hangs or is lost."""
    doors = {name: door for name, door in DOORS.items() if name in (only or DOORS)}
    whole = sum(door.share for door in doors.values())
    total, began = 0, time.monotonic()
    for name, door in doors.items():
        total += _through(name, round(inputs * door.share / whole), seed)
    click.echo(f"{total} inputs answered in {time.monotonic() - began:.0f} s")


def _through(name: str, inputs: int, seed: int) -> int:
    answered, began = 0, time.monotonic()
    told = began
    try:
        for answered in tried(DOORS[name], inputs=inputs, seed=seed):
            if time.monotonic() - told > TOLD_EVERY_S:
                told = time.monotonic()
                click.echo(f"{name}: {answered} of {inputs} after {told - began:.0f} s")
    except NotAnsweredError as wrong:
        click.echo(f"{name}: NOT ANSWERED, {wrong}")
        sys.exit(1)
    click.echo(f"{name}: {answered} answered in {time.monotonic() - began:.0f} s")
    return answered


if __name__ == "__main__":
    main()

"""The command line: `python -m handelspuls …`, with exit code 0 all well, 1 some input refused, 2 could not run."""

import sys

import click

from handelspuls.entrance import Entrance
from handelspuls.errors import CannotRun

COULD_NOT_RUN = 2


def main() -> None:
    """Run the command named in the arguments."""
    try:
        Entrance().main(prog_name="python -m handelspuls")
    except CannotRun as reason:
        click.echo(str(reason), err=True)
        sys.exit(COULD_NOT_RUN)


if __name__ == "__main__":
    main()

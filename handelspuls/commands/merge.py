"""The command that runs the process that sums up the units."""

import click

from handelspuls.streaming import start
from streams.processes import merge


@click.command(name="merge")
def command() -> None:
    """Sum up the units until told to end."""
    start("merge", lambda _settings, made: merge(made))

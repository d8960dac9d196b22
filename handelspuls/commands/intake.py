"""The command that runs the process that reads documents and decisions."""

import click

from handelspuls.privacy import privacy_key
from handelspuls.streaming import start
from models.contract.pseudonym import keyed
from streams.processes import intake


@click.command(name="intake")
def command() -> None:
    """Read documents and decisions until told to end."""
    start("intake", lambda settings, made: intake(made, pseudonym=keyed(privacy_key(settings))))

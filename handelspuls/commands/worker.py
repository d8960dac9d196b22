"""The command that runs the process that judges purchases."""

import click

from handelspuls.privacy import privacy_key
from handelspuls.streaming import start
from models.contract.pseudonym import keyed
from streams.processes import worker


@click.command(name="worker")
def command() -> None:
    """Judge purchases until told to end."""
    start("worker", lambda settings, made: worker(made, pseudonym=keyed(privacy_key(settings))))

"""The command that prepares a local run once Kafka answers: topics, then the demo's reference data."""

import time

import click

from deploy.local.broker import answers
from handelspuls.entrance import COMMANDS
from handelspuls.errors import CannotRun
from handelspuls.settings import Settings

KAFKA_WITHIN_S = 180.0
POLL_S = 0.5


@click.command(name="setup")
def command() -> None:
    """Create the topics and load the demo's reference data; doing it again changes nothing."""
    settings = Settings.from_environment()
    demo = settings.data_dir / "demo-reference"
    _wait_for_kafka(settings.kafka_bootstrap_servers)
    for step in (["topics"], ["simulate", "--reference-only", str(demo)], ["reference", "load", str(demo)]):
        _run(step)


def _wait_for_kafka(bootstrap: str) -> None:
    click.echo(f"waiting for Kafka at {bootstrap}")
    deadline = time.monotonic() + KAFKA_WITHIN_S
    while not answers(bootstrap):
        if time.monotonic() > deadline:
            raise CannotRun(f"No Kafka answers at {bootstrap}; start it, or set KAFKA_BOOTSTRAP_SERVERS.")
        time.sleep(POLL_S)


def _run(step: list[str]) -> None:
    name, *arguments = step
    click.echo(" ".join(step))
    COMMANDS[name].load().main(arguments, prog_name=name, standalone_mode=False)

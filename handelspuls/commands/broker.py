"""The command that runs the embedded Kafka until it is told to end."""

import click

from deploy.local import child
from deploy.local.broker import NAME, running_broker
from deploy.local.settings import LocalSettings
from handelspuls.settings import Settings


@click.command(name="broker")
def command() -> None:
    """Run the embedded Kafka in the foreground, its data in the data folder."""
    folder = Settings.from_environment().data_dir / "kafka"
    with running_broker(folder=folder, port=LocalSettings.from_environment().kafka_port, say=click.echo) as broker:
        click.echo(f"Kafka answers at {broker.bootstrap}; its log is {broker.log}.")
        child.serve(broker.process, name=NAME, log=broker.log)

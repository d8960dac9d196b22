"""The command that has every cell of the tables sent again, for a merge that has lost what it knew."""

from typing import Any

import click
from kafka import KafkaProducer
from kafka.errors import KafkaError

from handelspuls.errors import CannotRun
from handelspuls.publishing import ACKNOWLEDGED_WITHIN_S, Publisher
from handelspuls.settings import Settings
from models.brokers import connection
from models.topics import ROUTED
from streams.cells import RESEND


@click.command(name="resend-cells")
def command() -> None:
    """Have the workers send every cell to compliance.partials again, each when it comes to it.

    Needed only where compliance.partials or the changelog of the units was lost. The merge takes no cell twice.
    """
    settings = Settings.from_environment()
    at = settings.kafka_bootstrap_servers
    Publisher(at).require_topics()
    producer: Any = KafkaProducer(**connection(at), enable_idempotence=True, acks="all")
    try:
        for partition in range(settings.partitions):
            producer.send(ROUTED, partition=partition, value=b"", headers=[RESEND]).get(ACKNOWLEDGED_WITHIN_S)
    except (KafkaError, AssertionError) as error:
        raise CannotRun(
            f"Not every partition was told ({error}); is HANDELSPULS_PARTITIONS right? Try again."
        ) from error
    finally:
        producer.close()
    click.echo(f"{settings.partitions} partitions were told to send all their cells again.")

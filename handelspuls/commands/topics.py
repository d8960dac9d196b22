"""The command that creates the topics, or compares them with what they must be."""

import click
from kafka.errors import KafkaError

from handelspuls.errors import CannotRun
from handelspuls.settings import Settings
from models.denied import told
from streams.doorstep import why_not
from streams.topic_setup import create_topics
from streams.waiting import reachable


@click.command(name="topics")
@click.option("--replication", default=1, show_default=True, help="Copies of each partition that is created.")
def command(replication: int) -> None:
    """Create the topics that are missing, and verify the others."""
    settings = Settings.from_environment()
    if not reachable(settings.kafka_bootstrap_servers):
        raise CannotRun(
            f"No Kafka answers at {settings.kafka_bootstrap_servers}; start it, or set KAFKA_BOOTSTRAP_SERVERS."
        )
    try:
        created, mismatches = create_topics(
            bootstrap_servers=settings.kafka_bootstrap_servers,
            prefix=f"{settings.app}.{settings.generation}",
            partitions=settings.partitions,
            replication=replication,
        )
    except (KafkaError, OSError) as error:
        raise CannotRun(
            f"The topics cannot be created at {settings.kafka_bootstrap_servers} ({told(error)}); if nobody gets in: "
            f"{why_not(settings.kafka_bootstrap_servers)}."
        ) from error
    for name in created:
        click.echo(f"created   {name}")
    if mismatches:
        differing = "\n".join(
            f"{each.topic}: {each.what} is {each.found}, not {each.expected}; {each.do}" for each in mismatches
        )
        raise CannotRun(f"Some topics are not as they must be:\n{differing}")
    click.echo(f"all topics are there and as they must be ({len(created)} created)")

"""The command that computes everything again from the input topics, compares it, and makes it the next generation."""

import asyncio
from itertools import islice

import click
from aiokafka.errors import KafkaError as AioKafkaError
from kafka.errors import KafkaError

from handelspuls.errors import CannotRun
from handelspuls.privacy import privacy_key
from handelspuls.progress import Progress
from handelspuls.reference_sets import reference_now
from handelspuls.settings import Settings
from handelspuls.streaming import default_ruleset
from models.contract.pseudonym import keyed
from models.denied import told
from models.purchase.assessing import Basis
from models.purchase.rebuilt import cells_by_partition, differing, differing_cells, summed
from models.rules.judge import judge_of
from streams.changelog import Reader
from streams.errors import StreamsError
from streams.rebuilding import Live, Rebuilt, Target, live, rebuilt, write
from streams.routing import home_of
from streams.topic_setup import create_topics, members_of, raise_partitions

DIFFERS = 1
SHOWN = 20


@click.command(name="rebuild")
@click.option(
    "--write", "writing", is_flag=True, help="Write the next generation's tables; the live ones must be stopped."
)
@click.option("--partitions", type=click.IntRange(min=1), help="So many partitions from then on; only more than now.")
@click.option("--accept", is_flag=True, help="Write also where it differs from what is live.")
@click.pass_context
def command(context: click.Context, *, writing: bool, partitions: int | None, accept: bool) -> None:
    """Compute all tables again from the input topics, compare them with the live ones, and make them the next generation.

    Without --write nothing is changed, and everything may go on running; while records are on their way there may be
    differences. With --write the processes of the next generation go on from there.
    """
    settings = Settings.from_environment()
    target = Target(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        app=settings.app,
        generation=settings.generation + 1,
        partitions=partitions or settings.partitions,
        reference=reference_now(settings).number,
    )
    try:
        if writing:
            _prepare(settings, target)
        differences = asyncio.run(_rebuild(settings, target, writing=writing, accept=accept))
    except (KafkaError, AioKafkaError, StreamsError, OSError) as error:
        raise CannotRun(f"Not rebuilt: {told(error)}") from error
    context.exit(DIFFERS if differences and not accept else 0)


def _prepare(settings: Settings, target: Target) -> None:
    """Nobody of the live generation is at work, and the topics are there."""
    if target.partitions < settings.partitions:
        raise CannotRun(
            f"Kafka takes no partitions away: there are {settings.partitions}, asked for {target.partitions}."
        )
    groups = [f"{settings.app}.{settings.generation}.{name}" for name in ("intake", "worker", "merge")]
    if busy := members_of(groups, bootstrap_servers=target.bootstrap_servers):
        raise CannotRun(f"Still at work: {', '.join(busy)}. Stop intake, workers and merge, then write.")
    raise_partitions(bootstrap_servers=target.bootstrap_servers, prefix=target.prefix, partitions=target.partitions)
    create_topics(
        bootstrap_servers=target.bootstrap_servers, prefix=target.prefix, partitions=target.partitions, replication=1
    )


async def _rebuild(settings: Settings, target: Target, *, writing: bool, accept: bool) -> int:
    snapshot = await asyncio.to_thread(reference_now, settings)
    basis = Basis(snapshot, judge_of(snapshot.ruleset_text or default_ruleset()))
    async with Reader.connected(bootstrap_servers=target.bootstrap_servers) as reader:
        reading = Progress("records read")
        made = await rebuilt(reader, basis, target, pseudonym=keyed(privacy_key(settings)), progress=reading.step)
        reading.end()
        old = await live(reader, bootstrap_servers=target.bootstrap_servers)
        differences = _compared(old, made)
        if not writing:
            return differences
        if differences and not accept:
            raise CannotRun("Nothing was written, for it differs; --accept writes it all the same.")
        written = Progress("rows written")
        await write(reader, made, old, target, progress=written.step)
        written.end()
    click.echo(
        f"Generation {target.generation} is written. Start everything with HANDELSPULS_GENERATION={target.generation}"
        f" HANDELSPULS_PARTITIONS={target.partitions}."
    )
    return differences


def _compared(old: Live, made: Rebuilt) -> int:
    click.echo(f"{made.records} records, {len(made.refused)} of them refused, {len(made.rows.rows)} numbers")
    cells = cells_by_partition(made.rows, lambda number: home_of(number, 1))
    whole = summed(each for some in cells.values() for each in some.items())
    live_cells = summed((name, cell) for (_, name), cell in old.cells.items())
    found = [
        *differing(old.judgements, {one.purchase: one for one in made.rows.judgements()}),
        *differing_cells(live_cells, whole),
    ]
    for one in islice(found, SHOWN):
        click.echo(one)
    click.echo(f"{len(found)} differences in {len(old.judgements)} purchases and {len(live_cells)} cells that are live")
    return len(found)

"""The command that runs the ERP simulator, or only writes the reference data that belongs to its story."""

import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import click
from prometheus_client import start_http_server

from deploy.local.settings import LocalSettings
from deploy.local.simulator.books import Bookkeeper, totals_of
from deploy.local.simulator.feed import Feed
from deploy.local.simulator.kafka_sender import KafkaSender, wait_for_kafka
from deploy.local.simulator.ledger import Totals
from deploy.local.simulator.memory import Memory, Origin, Status
from deploy.local.simulator.reference import write_reference
from handelspuls.access import KafkaAccess
from handelspuls.settings import PREFIX, Settings
from sinks import metrics

SECONDS_A_MINUTE = 60


@click.command(name="simulate")
@click.option("--rate", type=click.FloatRange(min=0, min_open=True), help="Live purchases a minute in a busy hour.")
@click.option("--seed", type=int, help="The same seed gives the same municipality and events.")
@click.option("--history", type=click.IntRange(min=0), help="Purchases of the thirteen months before the first run.")
@click.option("--bootstrap", help="Kafka brokers as host:port, several separated by commas.")
@click.option("--data-dir", type=click.Path(path_type=Path), help="Where the simulator remembers how far it is.")
@click.option("--ledger-every", type=float, default=5, show_default=True, help="Minutes between two loads; 0: none.")
@click.option("--reference-only", type=click.Path(path_type=Path), help="Write the reference data here, and end.")
def command(
    *,
    rate: float | None,
    seed: int | None,
    history: int | None,
    bootstrap: str | None,
    data_dir: Path | None,
    ledger_every: float,
    reference_only: Path | None,
) -> None:
    """Send an invented municipality's purchases to Kafka: thirteen months of history, then live."""
    settings, local = Settings.from_environment(), LocalSettings.from_environment()
    folder = data_dir or settings.data_dir
    memory = Memory(folder)
    origin = memory.origin(
        seed=local.simulator_seed if seed is None else seed,
        purchases=local.simulator_history if history is None else history,
        now=_now(),
    )
    if reference_only:
        _write_reference(reference_only, origin, totals_of(memory.booked()))
        return
    if settings.metrics_port:
        start_http_server(settings.metrics_port)
    at = KafkaAccess.from_environment().brokers(bootstrap) if bootstrap else settings.kafka_bootstrap_servers
    every = timedelta(minutes=ledger_every)
    keeper = Bookkeeper(every=every, environment=_environment(origin, at, folder), first=_now())
    _feed(origin, memory, keeper, at, (rate or local.simulator_rate_per_minute) / SECONDS_A_MINUTE)


def _environment(origin: Origin, bootstrap: str, folder: Path) -> dict[str, str]:
    """What makes `setup` prepare the same story again."""
    return {
        "KAFKA_BOOTSTRAP_SERVERS": bootstrap,
        f"{PREFIX}DATA_DIR": str(folder),
        f"{PREFIX}SIMULATOR_SEED": str(origin.seed),
        f"{PREFIX}SIMULATOR_HISTORY": str(origin.purchases),
    }


def _write_reference(folder: Path, origin: Origin, since: Totals) -> None:
    rows = write_reference(folder, origin.seed, now=origin.now, purchases=origin.purchases, booked_since=since)
    click.echo(f"{folder}: " + ", ".join(f"{table} {count}" for table, count in rows.items()))


def _feed(origin: Origin, memory: Memory, keeper: Bookkeeper, bootstrap: str, rate_per_s: float) -> None:
    stop = Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda _number, _frame: stop.set())
    memory.tell(Status("waiting"))
    wait_for_kafka(bootstrap, stop=stop, say=click.echo)
    if stop.is_set():
        return
    sender = KafkaSender(bootstrap, stop=stop, say=click.echo, sent=lambda topic: metrics.SIMULATED.labels(topic).inc())
    feed = Feed(
        origin=origin,
        memory=memory,
        sender=sender,
        clock=_now,
        stop=stop,
        say=click.echo,
        each_moment=keeper.look,
    )
    try:
        feed.run(rate_per_s)
    finally:
        keeper.close()
        sender.close()


def _now() -> datetime:
    return datetime.now(tz=UTC)

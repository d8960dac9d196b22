"""The command that runs the process that fills the database."""

import signal
from collections.abc import Mapping
from threading import Event, Thread

import click
import structlog
from prometheus_client import start_http_server
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import SQLAlchemyError

from handelspuls.errors import CannotRun
from handelspuls.settings import Settings
from handelspuls.telling import set_up_telling
from handelspuls.version import show_version
from models.vocabulary import RejectionCode
from sinks import metrics
from sinks.database.positions import PositionLost
from sinks.database.reconcile import Reconciliation, reconcile
from sinks.database.sink import Sink, Watch
from sinks.reports.frozen import reported_until

RECONCILE_EVERY_S = 120.0
COMPARE_AGAIN_S = 5.0

log = structlog.get_logger(__name__)


@click.command(name="database")
def command() -> None:
    """Fill the database from Kafka until told to end; waits for both, whichever comes first."""
    settings = Settings.from_environment()
    set_up_telling("database", settings)
    show_version()
    stop = _until_told()
    if settings.metrics_port:
        start_http_server(settings.metrics_port)
    Thread(target=_reconcile_now_and_then, args=(settings.database_url, stop), daemon=True).start()
    try:
        _sink(settings).run(stop)
    except PositionLost as lost:
        raise CannotRun(str(lost)) from lost


def _until_told() -> Event:
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    return stop


def _sink(settings: Settings) -> Sink:
    return Sink(
        database_url=settings.database_url,
        bootstrap_servers=settings.kafka_bootstrap_servers,
        group=f"{settings.app}.{settings.generation}.database",
        generation=settings.generation,
        watch=Watch(wrote=_wrote, lag=_lag, unreadable=_unreadable, waits=_waits),
    )


def _wrote(records: Mapping[str, int], seconds: float) -> None:
    metrics.SINK_BATCH.observe(seconds)
    for topic, number in records.items():
        metrics.SINK_ROWS.labels(topic).inc(number)


def _lag(topic: str, records: int) -> None:
    metrics.SINK_LAG.labels(topic).set(records)


def _unreadable(topic: str) -> None:
    metrics.REJECTIONS.labels(topic, RejectionCode.INTERNAL_ERROR.value).inc()


def _waits(_reason: str) -> None:
    metrics.SINK_RETRIES.inc()


def _reconcile_now_and_then(database_url: str, stop: Event) -> None:
    engine = create_engine(database_url)
    while not stop.wait(RECONCILE_EVERY_S):
        try:
            metrics.RECONCILIATION.set(_lasting(engine, stop).difference_ore)
            if (until := reported_until(engine)) is not None:
                metrics.REPORTED.set(until.timestamp())
        except SQLAlchemyError as away:
            log.warning("not reconciled", reason=str(away).splitlines()[0])


def _lasting(engine: Engine, stop: Event) -> Reconciliation:
    """The differences that are still the same a little later: records come in all the time."""
    found = reconcile(engine)
    if found.difference_ore == 0:
        return found
    stop.wait(COMPARE_AGAIN_S)
    return found.lasting(reconcile(engine))

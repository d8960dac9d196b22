"""The command that sends an order of a test source every minute and measures how long its judgement takes."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import click
import msgspec
import structlog
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError
from prometheus_client import start_http_server

from handelspuls.errors import CannotRun
from handelspuls.logs import set_up_logs
from handelspuls.publishing import Publisher
from handelspuls.settings import Settings
from models.files.sending import Outgoing
from models.judgement import Judgement
from models.topics import ORDERS, PURCHASES
from sinks import metrics

SOURCE = "test/canary"
NOT_ANSWERED = 1
log = structlog.get_logger(__name__)
_decoder = msgspec.json.Decoder(Judgement)


@click.command(name="canary")
@click.option("--every", default=60.0, show_default=True, help="Seconds between two orders.")
@click.option("--within", default=30.0, show_default=True, help="Seconds after which an answer is missing.")
@click.option("--once", is_flag=True, help="Send one, and end: with exit code 1 if no answer came.")
@click.pass_context
def command(context: click.Context, *, every: float, within: float, once: bool) -> None:
    """Send an order of the source test/canary now and then, and measure the time to its judgement.

    Test sources are judged and answered and never counted in a figure. A day's orders are one purchase.
    """
    settings = Settings.from_environment()
    set_up_logs(process="canary", level=settings.log_level)
    if settings.metrics_port and not once:
        start_http_server(settings.metrics_port)
    try:
        for took in round_trips(settings.kafka_bootstrap_servers, every_s=every, within_s=within):
            _tell(took)
            if once:
                context.exit(0 if took is not None else NOT_ANSWERED)
    except KafkaError as error:
        raise CannotRun(f"The canary has no Kafka: {error or type(error).__name__}; start it again.") from error


def _tell(took: float | None) -> None:
    if took is None:
        metrics.CANARY_LOST.inc()
        log.error("the canary was not answered")
        return
    metrics.CANARY.observe(took)
    log.info("the canary was answered", seconds=round(took, 3))


def round_trips(bootstrap_servers: str, *, every_s: float, within_s: float) -> Iterator[float | None]:
    """The seconds from sending to judgement, one after the other; None where none came in time."""
    consumer: Any = KafkaConsumer(bootstrap_servers=bootstrap_servers.split(","), isolation_level="read_committed")
    with Publisher(bootstrap_servers) as publisher:
        places = [TopicPartition(ORDERS, number) for number in sorted(consumer.partitions_for_topic(ORDERS) or ())]
        consumer.assign(places)
        try:
            while True:
                began = time.monotonic()
                consumer.seek_to_end(*places)
                for place in places:
                    consumer.position(place)  # where the end is, is asked now and not at the first poll
                order = _order(datetime.now(UTC))
                publisher.publish([order])
                yield _awaited(consumer, order, began=began, within_s=within_s)
                time.sleep(max(every_s - (time.monotonic() - began), 0))
        finally:
            consumer.close()


def _order(now: datetime) -> Outgoing:
    number = f"CANARY-{now:%Y-%m-%d}"
    at = now.isoformat(timespec="milliseconds")
    day = f"{now:%Y-%m-%d}T00:00:00Z"
    line = {"line": "1", "description": "Canary", "net_amount": "1.00"}
    version = int(now.timestamp() * 1000)
    data = {
        "order": number,
        "version": version,
        "placed_at": day,
        "unit": "canary",
        "supplier": "canary",
        "lines": [line],
    }
    event = {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": SOURCE,
        "type": "order.changed",
        "time": at,
        "data": data,
    }
    return Outgoing(PURCHASES, number.encode(), msgspec.json.encode(event))


def _awaited(consumer: Any, order: Outgoing, *, began: float, within_s: float) -> float | None:
    version = msgspec.json.decode(order.value)["data"]["version"]
    while (left := within_s - (time.monotonic() - began)) > 0:
        for records in consumer.poll(timeout_ms=round(min(left, 0.2) * 1000) or 1).values():
            for record in records:
                if (order.key or b"") in (record.key or b"") and _decoder.decode(record.value).version == version:
                    return time.monotonic() - began
    return None

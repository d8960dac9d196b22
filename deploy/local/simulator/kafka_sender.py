"""Delivers messages to Kafka, and waits for what it needs: a broker, the topics, the reference."""

from collections.abc import Callable
from threading import Event

from kafka import KafkaAdminClient, KafkaProducer
from kafka.errors import KafkaError

from deploy.local.broker import answers
from deploy.local.progress import records_in
from deploy.local.simulator.happening import Message
from models.brokers import connection
from models.topics import INPUT_MAX_BYTES, PURCHASES, SETS

ACKNOWLEDGED_WITHIN_S = 10.0
RETRY_S = 2.0
POLL_S = 0.5
REFERENCE_WITHIN_S = 180.0


class KafkaSender:
    """A producer that tries a batch again until it is acknowledged; sent twice does no harm."""

    def __init__(
        self,
        bootstrap: str,
        *,
        stop: Event,
        say: Callable[[str], None],
        sent: Callable[[str], object] = lambda _topic: None,
    ) -> None:
        self._producer = KafkaProducer(
            **connection(bootstrap),
            acks="all",
            linger_ms=5,
            batch_size=1 << 18,
            max_request_size=INPUT_MAX_BYTES,
        )
        self._stop = stop
        self._say = say
        self._sent = sent

    def deliver(self, messages: list[Message]) -> None:
        while messages:
            try:
                self._send(messages)
            except KafkaError as error:
                self._say(f"Kafka acknowledged nothing ({error}); trying again")
                if self._stop.wait(RETRY_S):
                    return
            else:
                return

    def _send(self, messages: list[Message]) -> None:
        futures = [self._producer.send(one.topic, value=one.value, key=one.key) for one in messages]
        self._producer.flush(timeout=ACKNOWLEDGED_WITHIN_S)
        for future in futures:
            future.get(timeout=ACKNOWLEDGED_WITHIN_S)
        for one in messages:
            self._sent(one.topic)

    def close(self) -> None:
        self._producer.close(timeout=POLL_S)


def wait_for_kafka(bootstrap: str, *, stop: Event, say: Callable[[str], None]) -> None:
    """Return when the topics are there and a reference is loaded; without one after a while all the same."""
    say(f"waiting for Kafka at {bootstrap}, its topics and the reference")
    while not stop.is_set() and not (answers(bootstrap) and _has_topics(bootstrap)):
        stop.wait(POLL_S)
    left_s = REFERENCE_WITHIN_S
    while not stop.is_set() and left_s > 0 and not records_in(bootstrap, SETS):
        stop.wait(POLL_S)
        left_s -= POLL_S


def _has_topics(bootstrap: str) -> bool:
    """Asked of the administration: a consumer or producer that asks could make the topic."""
    try:
        admin = KafkaAdminClient(**connection(bootstrap))
    except (KafkaError, OSError):
        return False
    try:
        return PURCHASES in admin.list_topics()
    except (KafkaError, OSError):
        return False
    finally:
        admin.close()

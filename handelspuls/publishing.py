"""Publishing to the input topics as an ERP does: every record acknowledged by all replicas, none twice, none unnoticed."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from kafka import KafkaAdminClient, KafkaProducer
from kafka.errors import KafkaError

from handelspuls.errors import CannotRun
from models.brokers import connection
from models.denied import told
from models.files.sending import Outgoing
from models.topics import DECISIONS, DOCUMENTS, INPUT_MAX_BYTES, PURCHASES
from streams.doorstep import why_not
from streams.waiting import BOOTSTRAP_MS, reachable

ACKNOWLEDGED_WITHIN_S = 30
"""A whole number: the client takes no other for its timeouts."""
AT_A_TIME = 2_000
"""Records on their way before the oldest are waited for."""


class Publisher:
    """A producer for the length of a `with`; CannotRun where Kafka or the topics are not there."""

    def __init__(self, bootstrap_servers: str) -> None:
        self._at = bootstrap_servers
        self._producer: Any = None

    def __enter__(self) -> Self:
        self.require_topics()
        self._producer = KafkaProducer(
            **connection(self._at),
            enable_idempotence=True,
            acks="all",
            linger_ms=5,
            max_request_size=INPUT_MAX_BYTES,
            max_block_ms=ACKNOWLEDGED_WITHIN_S * 1000,
            request_timeout_ms=ACKNOWLEDGED_WITHIN_S * 500,
            delivery_timeout_ms=ACKNOWLEDGED_WITHIN_S * 1000,
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with suppress(KafkaError):  # after a failure it cannot flush either, and that was told
            self._producer.close(timeout=ACKNOWLEDGED_WITHIN_S if error is None else 0)

    def require_topics(self) -> None:
        """Return if the input topics are there. Asked of the administration: a producer that asks could make them."""
        if not reachable(self._at):
            raise CannotRun(f"No Kafka answers at {self._at}; see KAFKA_BOOTSTRAP_SERVERS.")
        try:
            admin = KafkaAdminClient(**connection(self._at), bootstrap_timeout_ms=BOOTSTRAP_MS)
        except (KafkaError, OSError) as error:
            raise CannotRun(f"Kafka at {self._at} lets nobody in: {why_not(self._at)}.") from error
        try:
            missing = sorted({PURCHASES, DOCUMENTS, DECISIONS} - set(admin.list_topics()))
        except (KafkaError, OSError) as error:
            raise CannotRun(f"Kafka at {self._at} does not tell its topics ({told(error)}).") from error
        finally:
            admin.close()
        if missing:
            raise CannotRun(
                f"Kafka at {self._at} has no topic {missing[0]}, or this user may not see it; make it: "
                "python -m handelspuls topics"
            )

    def publish(self, records: Iterable[Outgoing], *, step: Callable[[], None] = lambda: None) -> Counter[str]:
        """Send, and wait for every acknowledgement; how many went to each topic.

        Raises:
            CannotRun: Kafka did not acknowledge all; to send all again does no harm.
        """
        sent: Counter[str] = Counter()
        waiting: list[Any] = []
        try:
            for one in records:
                waiting.append(self._producer.send(one.topic, value=one.value, key=one.key))
                sent[one.topic] += 1
                step()
                if len(waiting) >= AT_A_TIME:
                    self._acknowledged(waiting)
            self._acknowledged(waiting)
        except KafkaError as error:
            raise self._unacknowledged(error) from error
        return sent

    def deliver(self, records: Sequence[Outgoing]) -> list[tuple[int, int]]:
        """Send, and wait for every acknowledgement; partition and offset of each. CannotRun where one is missing."""
        try:
            waiting = [self._producer.send(one.topic, value=one.value, key=one.key) for one in records]
            self._producer.flush(timeout=ACKNOWLEDGED_WITHIN_S)
            kept = [future.get(timeout=ACKNOWLEDGED_WITHIN_S) for future in waiting]
        except KafkaError as error:
            raise self._unacknowledged(error) from error
        return [(one.partition, one.offset) for one in kept]

    def _unacknowledged(self, error: KafkaError) -> CannotRun:
        said = f"Kafka at {self._at} did not acknowledge all ({told(error)})"
        return CannotRun(f"{said}; send it all again, repeats do no harm.")

    def _acknowledged(self, waiting: list[Any]) -> None:
        self._producer.flush(timeout=ACKNOWLEDGED_WITHIN_S)
        for future in waiting:
            future.get(timeout=ACKNOWLEDGED_WITHIN_S)
        waiting.clear()

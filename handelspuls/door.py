"""The door of the web process to Kafka: opened when the first events are posted, and again after a failure."""

from collections.abc import Sequence
from contextlib import ExitStack
from threading import Lock

from handelspuls.errors import CannotRun
from handelspuls.publishing import Publisher
from models.files.sending import Outgoing
from sinks.web.api.receiving import NotDeliveredError


class KafkaDoor:
    """A producer that is shared by all requests; without Kafka each is told so, and the page goes on."""

    def __init__(self, bootstrap_servers: str) -> None:
        self._at = bootstrap_servers
        self._lock = Lock()
        self._open: Publisher | None = None
        self._stack = ExitStack()

    def deliver(self, records: Sequence[Outgoing]) -> Sequence[tuple[int, int]]:
        """Send all and wait: partition and offset of each. Raises NotDeliveredError."""
        if not records:
            return ()
        publisher = None
        try:
            publisher = self._publisher()
            return publisher.deliver(records)
        except CannotRun as reason:
            self._forget(publisher, reason)
            raise NotDeliveredError(
                "Kafka takes nothing right now. Send all of it again; repeats do no harm."
            ) from reason

    def close(self) -> None:
        """End what was opened."""
        with self._lock:
            self._stack.close()
            self._open = None

    def _publisher(self) -> Publisher:
        with self._lock:
            if self._open is None:
                self._open = self._stack.enter_context(Publisher(self._at))
            return self._open

    def _forget(self, publisher: Publisher | None, reason: CannotRun) -> None:
        """The next request opens another one; what is left in this one is not waited for."""
        with self._lock:
            if publisher is not None and self._open is publisher:
                self._stack.__exit__(type(reason), reason, None)
                self._open = None

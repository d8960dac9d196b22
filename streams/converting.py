"""The intake's step: documents and decisions become facts on the way to their rows; catalogues become reference."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from aiokafka.errors import KafkaError

from models.contract.arrival import event_kind, refuse_future
from models.documents.catalogues import CatalogueDocument
from models.documents.reader import NoPurchase, read_document
from models.facts import AnyFact
from models.judgement import Origin
from models.refusal import RefusalError, Refused, failed
from models.topics import DECISIONS
from models.vocabulary import Disposition
from sinks import metrics
from streams.accepting import decision_of
from streams.errors import Fenced
from streams.outbox import Record
from streams.pending import Rows
from streams.reading import Pseudonym
from streams.rejecting import rejected
from streams.routing import Received, routed
from streams.step import Effects, Marks
from streams.telling import Telling

PublishCatalogue = Callable[[CatalogueDocument, Origin, datetime], Awaitable[None]]


class Converting:
    """One partition of `erp.documents` and `compliance.decisions`. It keeps nothing but its position."""

    def __init__(
        self, *, partition: int, partitions: int, pseudonym: Pseudonym, publish_catalogue: PublishCatalogue
    ) -> None:
        self._partition = partition
        self._partitions = partitions
        self._pseudonym = pseudonym
        self._publish_catalogue = publish_catalogue

    async def opened(self, table: Rows, marks: Marks) -> None:
        del table, marks

    async def idle(self, now: datetime) -> Effects | None:
        del now
        return None

    async def step(self, records: Sequence[Any], table: Rows) -> Effects:
        del table
        out: list[Record] = []
        telling = Telling("intake")
        for record in records:
            telling.ended(record, (await self._take(record, out, telling)).value)
        return Effects(records=out, results=telling.results, tell=telling.tell)

    async def _take(self, record: Any, out: list[Record], telling: Telling) -> Disposition:
        try:
            return await self._convert(record, out, telling)
        except RefusalError as error:
            return self._reject(record, error.refused, out, telling)
        except (KafkaError, Fenced, OSError):
            raise  # nothing is wrong with the record: the process ends, and a restart takes it again
        except Exception as error:  # noqa: BLE001  # whatever it is, it is told with the answer
            return self._reject(record, failed(error), out, telling, error=error)

    def _reject(
        self, record: Any, refused: Refused, out: list[Record], telling: Telling, *, error: Exception | None = None
    ) -> Disposition:
        telling.refused(record, refused, error=error)
        out.append(rejected(record, refused, partition=self._partition, traceparent=telling.traceparent))
        return Disposition.REJECTED

    async def _convert(self, record: Any, out: list[Record], telling: Telling) -> Disposition:
        if record.topic == DECISIONS:
            decided = decision_of(record, pseudonym=self._pseudonym)
            return self._send_on(decided, event_kind(decided), record, out, telling)
        found = read_document(record.value, pseudonym=self._pseudonym)
        if not isinstance(found, NoPurchase | CatalogueDocument):
            return self._send_on(found, "document", record, out, telling)
        telling.begin(record, "", "")
        if isinstance(found, NoPurchase):
            metrics.NO_PURCHASES.labels(found.kind).inc()
            return Disposition.NO_PURCHASE
        origin = Origin(record.topic, record.partition, record.offset)
        await self._publish_catalogue(found, origin, datetime.now().astimezone())
        return Disposition.APPLIED

    def _send_on(self, fact: AnyFact, kind: str, record: Any, out: list[Record], telling: Telling) -> Disposition:
        telling.begin(record, fact.source, fact.stamp.event_id)
        origin = Origin(record.topic, record.partition, record.offset)
        refuse_future(fact, came_ms=record.timestamp)
        telling.understood(fact.source)
        received = Received(fact, kind, origin, record.timestamp)
        out.append(routed(received, partitions=self._partitions, traceparent=telling.traceparent))
        return Disposition.ROUTED

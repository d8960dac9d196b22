"""Putting reference sets together: rows come in by topic and offset, a set is whole once all its topics are read so far.

No I/O: the follower and the publisher hand in what they read.
"""

from collections import deque
from collections.abc import Mapping, Sequence

import structlog
from aiokafka import ConsumerRecord

from models.reference.build import Change, Draft
from models.reference.manifest import TOPICS, Manifest, change, read_manifest
from models.reference.snapshot import Snapshot

log = structlog.get_logger(__name__)


class Assembly:
    """The snapshot that holds, the manifests to come, and the rows that belong to none of them yet."""

    def __init__(self, *, before: Snapshot | None = None) -> None:
        self.snapshot = before or Snapshot()
        self.rows = 0
        """How many records were read."""
        self._draft = Draft(self.snapshot)
        self._manifests: deque[tuple[int, Manifest]] = deque()
        self._held: dict[str, list[tuple[int, Change]]] = {topic: [] for topic in TOPICS}

    def take_manifests(self, records: Sequence[ConsumerRecord]) -> None:
        """Manifests, in their order."""
        for record in records:
            try:
                manifest = read_manifest(record.value)
            except ValueError as error:
                _log_unreadable(record, error)
                continue
            if manifest is not None:
                self._manifests.append((record.offset, manifest))

    def only_last(self, ends: Mapping[str, int]) -> None:
        """At the start the last set is all that matters; it cannot ask for more than the topics hold."""
        if not self._manifests:
            return
        number, manifest = self._manifests[-1]
        for topic, offset in manifest.offsets.items():
            if topic in ends and offset > ends[topic]:
                log.error("reference_truncated", topic=topic, expected=offset, end=ends[topic], do="load it again")
        offsets = {topic: min(offset, ends.get(topic, offset)) for topic, offset in manifest.offsets.items()}
        self._manifests = deque([(number, Manifest(offsets, manifest.loaded_at, manifest.cause, manifest.counts))])

    def take_rows(self, topic: str, records: Sequence[ConsumerRecord]) -> None:
        """Rows of a topic: into the draft if they belong to the next set, else held."""
        limit = self._manifests[0][1].offsets.get(topic, 0) if self._manifests else 0
        for record in records:
            self.rows += 1
            try:
                one = change(topic, record.value)
            except ValueError as error:
                _log_unreadable(record, error)
                continue
            if one is None:
                continue
            if record.offset < limit:
                self._draft.apply((one,))
            else:
                self._held[topic].append((record.offset, one))

    @property
    def waits(self) -> bool:
        """Is there a manifest whose set is not whole yet?"""
        return bool(self._manifests)

    def swap(self, positions: Mapping[str, int]) -> Snapshot | None:
        """The next snapshot, if everything that its manifest names was read; call again until there is none."""
        if not self._manifests:
            return None
        number, manifest = self._manifests[0]
        if any(positions.get(topic, 0) < offset for topic, offset in manifest.offsets.items() if topic in TOPICS):
            return None
        self._draft.apply(self._released(manifest))
        self._manifests.popleft()
        self.snapshot = self._draft.snapshot(number)
        self._draft = Draft(self.snapshot)
        return self.snapshot

    def _released(self, manifest: Manifest) -> list[Change]:
        released: list[Change] = []
        for topic, held in self._held.items():
            limit = manifest.offsets.get(topic, 0)
            released += [one for offset, one in held if offset < limit]
            self._held[topic] = [(offset, one) for offset, one in held if offset >= limit]
        return released


def _log_unreadable(record: ConsumerRecord, error: ValueError) -> None:
    log.error(
        "reference_record_unreadable", topic=record.topic, offset=record.offset, reason=str(error), effect="skipped"
    )

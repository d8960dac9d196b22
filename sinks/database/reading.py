"""How far the ERP's events are judged: told by the judgements that come by, kept for the page."""

from collections.abc import Iterable, Mapping

from models.judgement import Judgement
from models.topics import PURCHASES
from sinks.database.bulk import Cursor

STATEMENT = """
insert into reading (generation, partition, read_to, ends_at) values (%s, %s, %s, %s)
on conflict (generation, partition) do update
set read_to = greatest(reading.read_to, excluded.read_to), ends_at = excluded.ends_at, updated_at = now()
"""


class Reading:
    """The newest record of each partition of the ERP's events that a judgement came from."""

    def __init__(self, *, generation: int, topic: str = PURCHASES) -> None:
        self._generation = generation
        self._topic = topic
        self._read_to: dict[int, int] = {}
        self._kept: dict[int, tuple[int, int]] = {}

    def see(self, judgements: Iterable[Judgement]) -> None:
        """Note where these came from."""
        for judgement in judgements:
            source = judgement.source
            if source is not None and source.topic == self._topic:
                self._read_to[source.partition] = max(source.offset + 1, self._read_to.get(source.partition, 0))

    def keep(self, cursor: Cursor, ends: Mapping[int, int]) -> None:
        """Write what has changed since it was last written."""
        now = {partition: (self._read_to.get(partition, 0), end) for partition, end in ends.items()}
        changed = [(self._generation, partition, *place) for partition, place in now.items()]
        if now != self._kept:
            cursor.executemany(STATEMENT, changed)
            self._kept = now

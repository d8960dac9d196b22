"""What can go wrong in the streaming machinery, each with a name.

StreamsError
├── ChangelogReplaced     a changelog was deleted and created anew under rows that are still here
├── Fenced                another process has taken over the partition
├── GenerationBegun       tables of a generation that should be new hold rows
├── ReadingStuck          a partition does not give what it says it holds
├── RecordTooLarge        a record that no broker would take, found before its transaction
├── RowUnreadable         a stored row is of a format this program does not know, or no row
├── StoreDamaged          the local store cannot be read any more
├── StoreInUse            another process has the local store open
├── PositionOutsideTopic  a source topic does not hold the offset where reading should go on
└── TopicMissing          a topic that must exist does not
"""

# ruff: noqa: N818  # named for what happened, as they are spoken of


class StreamsError(Exception):
    """Whatever the streaming machinery raises on purpose."""


class ChangelogReplaced(StreamsError):
    """To go on from nothing would tell everything again with small revisions: somebody must decide."""


class Fenced(StreamsError):
    """The broker refused a write because a later producer holds the partition: this process must end."""


class GenerationBegun(StreamsError):
    """Somebody has worked under this generation: what a rebuild writes would mix with it."""


class ReadingStuck(StreamsError):
    """Nothing came for a minute although the end lies further on: the broker is away, or has lost what it held."""


class RecordTooLarge(StreamsError):
    """A record is larger than the limit; nothing of its transaction was sent."""


class RowUnreadable(StreamsError):
    """No fault of the record that asks for the row: a newer version wrote it, and must go on with it."""


class StoreDamaged(StreamsError):
    """The local store's files do not hold what was written; whoever opens it next rebuilds it from the changelog."""


class StoreInUse(StreamsError):
    """The local store is open in another process; two workers share one instance name."""


class PositionOutsideTopic(StreamsError):
    """The next offset to read lies before the topic's beginning or behind its end: input is lost or was replaced."""


class TopicMissing(StreamsError):
    """The cluster does not know a topic that the table rests on."""

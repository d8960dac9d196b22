"""Every metric of every process, in one list. Labels: at most departments, never a buyer, a unit below them or an order."""

import re
from collections.abc import Mapping, Sequence

from prometheus_client import Counter, Gauge, Histogram, Info

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

RELEASE = Gauge("handelspuls_release", "1 for the version of the service that this process runs", ["version"])

# What came in. Sum over the results of a topic = records consumed; `routed` is counted again where it lands.
RECORDS = Counter(
    "handelspuls_records_total", "Records consumed, by topic and what became of them", ["topic", "result"]
)
REJECTIONS = Counter("handelspuls_rejections_total", "Records refused, by topic and code", ["topic", "code"])
REFUSED_SENDERS = Counter(
    "handelspuls_refused_senders_total", "Records refused, by the source that they name", ["source"]
)
SOURCES = Counter("handelspuls_source_records_total", "Records understood as they came, by their source", ["source"])
NO_PURCHASES = Counter("handelspuls_no_purchase_total", "Documents that are no purchase, by kind", ["kind"])

# What was judged. A revision counts once; a purchase judged again without a change does not.
JUDGEMENTS = Counter(
    "handelspuls_judgements_total",
    "Revisions of judgements, by outcome, channel and rule",
    ["outcome", "channel", "rule"],
)
JUDGED_AGAIN = Counter("handelspuls_judged_again_total", "Rows judged again after a change of reference or ruleset")
SHADOW = Counter(
    "handelspuls_shadow_total",
    "Revised purchases by the live rule, the shadow ruleset's rule, and whether outcome, channel and rule agree",
    ["rule", "shadow_rule", "result"],
)
REFERENCE = Gauge("handelspuls_reference_number", "Number of the reference set that this process judges by")
RULESET = Gauge("handelspuls_ruleset", "1 for the ruleset that this process judges by", ["ruleset"])

# How far behind. Lag is measured to the end that committed readers see.
LAG = Gauge("handelspuls_lag_records", "Records not yet worked on, by topic and partition", ["topic", "partition"])
LAG_SECONDS = Gauge(
    "handelspuls_lag_seconds", "Age of the newest record worked on, while there is lag", ["topic", "partition"]
)
ARRIVED = Gauge(
    "handelspuls_newest_record_seconds",
    "When the newest record worked on arrived at the broker, in unix time; those of sources test/… left out",
    ["topic"],
)
LATE = Counter(
    "handelspuls_late_records_total", "Records worked on later than five minutes after their arrival", ["topic"]
)
EVENT_TO_SNAPSHOT = Histogram(
    "handelspuls_event_to_snapshot_seconds",
    "From a record's arrival at the broker to the snapshot of its unit",
    buckets=_SECONDS,
)


# The durable tables.
PARTITIONS = Gauge(
    "handelspuls_partitions", "Partitions of a table, each of which some process is to have open", ["table"]
)
PARTITIONS_OPEN = Gauge("handelspuls_partitions_open", "Partitions that this process has open", ["table"])
RESTORED = Gauge(
    "handelspuls_restored_percent", "How much of a partition's changelog is read while it opens", ["table", "partition"]
)
OPENING = Histogram(
    "handelspuls_opening_seconds", "Time to open a partition, its changelog included", ["table"], buckets=_SECONDS
)
ROWS = Gauge("handelspuls_table_rows", "Rows of a table's partition, about", ["table", "partition"])
COMMIT = Histogram(
    "handelspuls_commit_seconds", "Time of a batch: work, transaction and local store", ["table"], buckets=_SECONDS
)
BATCH = Histogram(
    "handelspuls_batch_records", "Records in a batch", ["table"], buckets=(1, 3, 10, 30, 100, 300, 1000, 3000)
)
FLUSHED = Counter("handelspuls_flushed_cells_total", "Cells sent to the merge")
SNAPSHOTS = Counter("handelspuls_snapshots_total", "Snapshots of units sent")
ALERTS = Counter("handelspuls_alerts_total", "Crossings of targets, begun and ended", ["state"])

# The database sink.
SINK_BATCH = Histogram("handelspuls_sink_batch_seconds", "Time of a database transaction", buckets=_SECONDS)
SINK_ROWS = Counter("handelspuls_sink_rows_total", "Records written to the database, by topic", ["topic"])
SINK_RETRIES = Counter("handelspuls_sink_retries_total", "Batches tried again because the database was away")
SINK_LAG = Gauge("handelspuls_sink_lag_records", "Records not yet in the database, by topic", ["topic"])
RECONCILIATION = Gauge(
    "handelspuls_reconciliation_difference_ore", "Database sums less the units' snapshots, where it lasts; 0 at lag 0"
)
REPORTED = Gauge(
    "handelspuls_reported_until_seconds", "End of the newest month whose reports are frozen, in unix time; 0: none is"
)

# The figures themselves, for live panels.
RATE = Gauge(
    "handelspuls_rate",
    "A figure of the municipality, a department or what belongs to no known unit, as a fraction",
    ["unit", "level", "figure", "window"],
)
AMOUNT = Gauge(
    "handelspuls_amount_ore",
    "A sum of the municipality, a department or what belongs to no known unit, in øre",
    ["unit", "level", "measure", "window"],
)
TARGET = Gauge("handelspuls_target", "A target in force, as a fraction", ["unit", "level", "figure"])
UNIT = Info("handelspuls_unit", "The name of a unit whose figures are shown; always 1", ["unit"])

# The page.
WEB_REQUESTS = Histogram(
    "handelspuls_web_seconds", "Time of a request, by route and status", ["route", "status"], buckets=_SECONDS
)
WEB_VIEWERS = Gauge("handelspuls_web_viewers", "Pages that are open and update themselves")

# The canary.
CANARY = Histogram(
    "handelspuls_canary_seconds", "From sending an order that counts nowhere to its judgement", buckets=_SECONDS
)
CANARY_HEARD = Gauge(
    "handelspuls_canary_heard_seconds", "When the last such order was judged, in unix time; 0: none yet"
)

# The simulator.
SIMULATED = Counter("handelspuls_simulated_total", "Messages sent by the ERP simulator, by topic", ["topic"])

LATE_AFTER_S = 300
"""An answer that takes longer is late (docs/runbook.md, the objective «answered»)."""
UNITS = "units"
"""The table of the merge, which shows the figures."""


class TableObserver:
    """Tells the metrics what the partitions of one table do; a partition that is given up leaves no series behind."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._open: set[int] = set()
        self._lags: set[tuple[str, int]] = set()

    def restoring(self, partition: int, records: int, percent: float) -> None:
        del records
        RESTORED.labels(self._table, str(partition)).set(percent)

    def opened(self, partition: int, records: int, seconds: float) -> None:
        del records
        RESTORED.labels(self._table, str(partition)).set(100)
        OPENING.labels(self._table).observe(seconds)
        self._open.add(partition)
        PARTITIONS_OPEN.labels(self._table).set(len(self._open))

    def closed(self, partition: int) -> None:
        self._open.discard(partition)  # it may be taken away while it still opens
        PARTITIONS_OPEN.labels(self._table).set(len(self._open))
        if self._table == UNITS:  # its one partition goes on elsewhere
            for figures in (RATE, AMOUNT, TARGET, UNIT):
                figures.clear()
        forget(RESTORED, self._table, str(partition))
        forget(ROWS, self._table, str(partition))
        for topic, number in [place for place in self._lags if place[1] == partition]:
            self._lags.discard((topic, number))
            forget(LAG, topic, str(number))
            forget(LAG_SECONDS, topic, str(number))

    def committed(self, partition: int, results: Mapping[tuple[str, str], int], seconds: float) -> None:
        del partition
        COMMIT.labels(self._table).observe(seconds)
        BATCH.labels(self._table).observe(sum(results.values()))
        for (topic, result), records in results.items():
            RECORDS.labels(topic, result).inc(records)

    def lag(self, topic: str, partition: int, records: int) -> None:
        self._lags.add((topic, partition))
        LAG.labels(topic, str(partition)).set(records)
        if records == 0:
            LAG_SECONDS.labels(topic, str(partition)).set(0)

    def rows(self, partition: int, number: int) -> None:
        ROWS.labels(self._table, str(partition)).set(number)


MOST_SENDERS = 20
OTHER = "other"
_SENDER = re.compile(r"(?!(.*\d){4})[A-Za-z][\w/.-]{0,63}", re.ASCII)
"""A name, and too few digits for a number of a person."""
_senders: set[str] = set()


def sender(source: str) -> str:
    """The label of a source. Anyone can name any: what looks like no name, and all after the first twenty, is `other`."""
    if source not in _senders and len(_senders) < MOST_SENDERS and _SENDER.fullmatch(source):
        _senders.add(source)
    return source if source in _senders else OTHER


def came_from(sources: Mapping[str, int]) -> None:
    """How many records of each source came."""
    for source, records in sources.items():
        SOURCES.labels(sender(source)).inc(records)


def judged_by(reference: int, ruleset: str) -> None:
    """Which reference set and which ruleset hold from now on."""
    REFERENCE.set(reference)
    RULESET.clear()
    RULESET.labels(ruleset).set(1)


def worked_on(topic: str, partition: int, arrived_ms: Sequence[int], now_s: float) -> None:
    """How old the records of a batch are, in their order, that are worked on now."""
    newest_s = arrived_ms[-1] / 1000
    LAG_SECONDS.labels(topic, str(partition)).set(max(now_s - newest_s, 0))
    late_before_ms = (now_s - LATE_AFTER_S) * 1000
    LATE.labels(topic).inc(sum(each < late_before_ms for each in arrived_ms))


def arrived(topic: str, at_ms: int) -> None:
    """When the newest record came that somebody else than a test sent."""
    ARRIVED.labels(topic).set(at_ms / 1000)


def forget(metric: Gauge, *labels: str) -> None:
    """A series that says nothing any more ends."""
    try:
        metric.remove(*labels)
    except KeyError:
        return

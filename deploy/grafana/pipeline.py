"""The dashboard of the way of an event, room by room: where is it slow, what waits, what was refused."""

from grafana_foundation_sdk.builders.dashboard import Dashboard
from grafana_foundation_sdk.builders.timeseries import Panel

from deploy.grafana.frame import Panels, dashboard
from deploy.grafana.panels import A_SECOND, COUNT, RECORDS, SECONDS, SHARE, heat, lines, quantiles, rate

_OURS = 'job=~"intake|worker|merge|database|web"'
_OPENING = "handelspuls_opening_seconds"


def pipeline() -> Dashboard:
    """Pipeline."""
    rooms: dict[str, Panels] = {
        "In": _incoming(),
        "Judging": _judging(),
        "Lag": _lag(),
        "Tables": _tables(),
        "Merge": _merge(),
        "Database": _database(),
        "Page and simulator": _edges(),
        "Saturation": _saturation(),
    }
    about = "The way of an event, room by room."
    return dashboard("Pipeline", uid="handelspuls-pipeline", about=about, rooms=rooms)


def _counted(title: str, description: str, counter: str, *, by: str, width: int = 8) -> Panel:
    return lines(title, description, A_SECOND, rate(counter, by=by), width=width)


def _incoming() -> Panels:
    yield _counted("Records", "By topic and what became of them.", "handelspuls_records_total", by="topic, result")
    yield _counted("Refused", "Records in erp.rejected.", "handelspuls_rejections_total", by="topic, code")
    yield _counted("No purchases", "Documents that are none.", "handelspuls_no_purchase_total", by="kind")


def _judging() -> Panels:
    yield _counted("By rule", "Revisions by the rule that decided.", "handelspuls_judgements_total", by="rule", width=6)
    yield _counted(
        "Judged again",
        "Rows judged again after a change of reference or ruleset: a sweep is going on.",
        "handelspuls_judged_again_total",
        by="job",
        width=6,
    )
    yield _counted(
        "Shadow ruleset",
        "Revised purchases by whether a ruleset that runs beside the active one agrees.",
        "handelspuls_shadow_total",
        by="result",
        width=6,
    )
    yield lines(
        "Reference",
        "The reference set each worker judges by. They differ only while a change is on its way.",
        COUNT,
        {"{{instance}}": 'handelspuls_reference_number{job="worker"}'},
        width=6,
    )


def _lag() -> Panels:
    topics = {"{{topic}} {{partition}}": "sum by (topic, partition) (handelspuls_lag_records)"}
    yield lines("Lag", "Records not yet worked on, to the end committed readers see.", RECORDS, topics, width=12)
    ages = {"{{topic}} {{partition}}": "max by (topic, partition) (handelspuls_lag_seconds)"}
    yield lines("Age", "Age of the newest record worked on, while there is lag.", SECONDS, ages, width=12)


def _tables() -> Panels:
    opened = {"{{job}} {{table}}": "sum by (job, table) (handelspuls_partitions_open)"}
    yield lines("Partitions open", "A partition serves when its changelog is read.", COUNT, opened)
    restored = {"{{table}} {{partition}}": "min by (table, partition) (handelspuls_restored_percent)"}
    yield lines("Restored", "How much of a changelog is read while its partition opens.", "percent", restored)
    opening = f"sum by (table) ({_OPENING}_sum) / sum by (table) ({_OPENING}_count)"
    mean = "Mean time to open a partition since the process began, its changelog included."
    yield lines("Opening", mean, SECONDS, {"{{table}}": opening})
    rows = {"{{table}}": "sum by (table) (handelspuls_table_rows)"}
    yield lines("Rows", "About how many rows each table has.", COUNT, rows)
    commits = quantiles("handelspuls_commit_seconds", by="table")
    yield lines("Batches", "Time of a batch: work, transaction and local store.", SECONDS, commits)
    sizes = quantiles("handelspuls_batch_records", by="table")
    yield lines("Batch size", "Records in a batch: it grows with the lag.", RECORDS, sizes)


def _merge() -> Panels:
    yield lines("Cells", "Sent to the merge.", A_SECOND, {"cells": _growth("handelspuls_flushed_cells_total")}, width=6)
    sent = {"snapshots": _growth("handelspuls_snapshots_total")}
    yield lines("Snapshots", "Of units, on compliance.units.", A_SECOND, sent, width=6)
    yield _counted("Alerts", "Targets crossed, begun and ended.", "handelspuls_alerts_total", by="state", width=4)
    yield heat(
        "From event to snapshot",
        "From a record's arrival at the broker to the snapshot of its unit.",
        "handelspuls_event_to_snapshot_seconds",
        width=8,
    )


def _database() -> Panels:
    yield lines("Transactions", "Time of one.", SECONDS, quantiles("handelspuls_sink_batch_seconds"), width=6)
    yield _counted("Written", "Records, by topic.", "handelspuls_sink_rows_total", by="topic", width=6)
    behind = {"{{topic}}": "sum by (topic) (handelspuls_sink_lag_records)"}
    yield lines("Not yet written", "Records, by topic.", RECORDS, behind, width=6)
    tried = {"batches": _growth("handelspuls_sink_retries_total")}
    yield lines("Tried again", "Batches, because the database was away.", A_SECOND, tried, width=6)


def _edges() -> Panels:
    yield lines(
        "Requests",
        "Time by route, p99.",
        SECONDS,
        quantiles("handelspuls_web_seconds", by="route", of=(0.99,)),
        width=6,
    )
    yield lines(
        "Viewers",
        "Pages that are open and update themselves.",
        COUNT,
        {"pages": "sum(handelspuls_web_viewers)"},
        width=6,
    )
    sung = {"mean": "sum(handelspuls_canary_seconds_sum) / sum(handelspuls_canary_seconds_count)"}
    yield lines(
        "Canary", "Mean time from sending an order that counts nowhere to its judgement.", SECONDS, sung, width=6
    )
    yield _counted("Simulated", "Messages of the ERP simulator.", "handelspuls_simulated_total", by="topic", width=6)


def _saturation() -> Panels:
    cpu = f"sum by (job) (rate(process_cpu_seconds_total{{{_OURS}}}[$__rate_interval]))"
    yield lines("CPU", "Cores in use, by process; one is all that a worker can use.", COUNT, {"{{job}}": cpu})
    memory = f"max by (job) (process_resident_memory_bytes{{{_OURS}}})"
    yield lines("Memory", "Resident, of the largest process of a kind.", "bytes", {"{{job}}": memory})
    files = f"max by (job) (process_open_fds{{{_OURS}}} / process_max_fds{{{_OURS}}})"
    yield lines(
        "Open files",
        "Of those that a process may have; near 100 % it can't open partitions.",
        SHARE,
        {"{{job}}": files},
    )


def _growth(counter: str) -> str:
    return f"sum(rate({counter}[$__rate_interval]))"

"""The dashboard that operations look at first: is everything there, does it keep up, is the result right."""

from grafana_foundation_sdk.builders.dashboard import Dashboard

from deploy.grafana.frame import Panels, dashboard
from deploy.grafana.panels import (
    A_SECOND,
    COUNT,
    GOOD,
    RECORDS,
    SECONDS,
    SHARE,
    ZERO_IS_GOOD,
    lines,
    number,
    quantiles,
    rate,
)

HEADLINE = 'handelspuls_rate{level="municipality", figure="e_handelsgrad_amount", window="30d"}'
REFUSED = "sum(increase(handelspuls_rejections_total[$__range]))"
DIFFERENCE = "max(handelspuls_reconciliation_difference_ore)"


def overview() -> Dashboard:
    """Overview."""
    about = "Is everything there, up to date and right."
    return dashboard("Overview", uid="handelspuls-overview", about=about, rooms={"": [*_now(), *_courses()]})


def _now() -> Panels:
    yield number("E-handelsgrad, 30 days", "By amount, of the whole municipality.", SHARE, HEADLINE)
    yield number("Processes that answer", "Scrape targets that are up.", COUNT, "sum(up)", steps=GOOD)
    waiting = "Records that no process has worked on yet, as committed readers see them."
    yield number("Lag", waiting, RECORDS, "sum(handelspuls_lag_records)")
    unwritten = "Results that the database sink has not written yet."
    yield number("Not yet in the database", unwritten, RECORDS, "sum(handelspuls_sink_lag_records)")
    refused = "Records in erp.rejected; each says why, and the page lists them."
    yield number("Refused in the range shown", refused, RECORDS, REFUSED)
    difference = "Sums of the database less the units' snapshots, in øre. 0 when there is no lag."
    yield number("Database less topics", difference, "suffix: øre", DIFFERENCE, steps=ZERO_IS_GOOD)


def _courses() -> Panels:
    latencies = quantiles("handelspuls_event_to_snapshot_seconds", of=(0.5, 0.95, 0.99))
    way = "From a record's arrival at the broker to the snapshot of its unit."
    yield lines("From event to snapshot", way, SECONDS, latencies, width=12)
    results = rate("handelspuls_records_total", by="result")
    ends = "Every record ends as one of these; routed ones are counted again where they land."
    yield lines("What became of the records", ends, A_SECOND, results, width=12, stacked=True)
    outcomes = rate("handelspuls_judgements_total", by="outcome")
    yield lines("Judgements", "Revisions of judgements by outcome.", A_SECOND, outcomes, stacked=True)
    yield lines("Refused", "Records refused, by code.", A_SECOND, rate("handelspuls_rejections_total", by="code"))
    lags = {"{{job}}": "sum by (job) (handelspuls_lag_records)", "database": "sum(handelspuls_sink_lag_records)"}
    yield lines("Lag by process", "Records not yet worked on.", RECORDS, lags)

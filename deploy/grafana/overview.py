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
    Steps,
    lines,
    number,
    quantiles,
    rate,
)

HEADLINE = 'handelspuls_rate{level="municipality", figure="e_handelsgrad_amount", window="30d"}'
REFUSED = "sum(increase(handelspuls_rejections_total[$__range]))"
REFUSED_SHARE = f"{REFUSED} / sum(increase(handelspuls_records_total[$__range]))"
COVERAGE = 'handelspuls_rate{level="municipality", figure="coverage_amount", window="30d"}'
FIRING = 'count(ALERTS{alertname!="Watchdog", alertstate="firing"}) or vector(0)'
COVERED: Steps = ((None, "red"), (0.8, "green"))
DIFFERENCE = "max(handelspuls_reconciliation_difference_ore)"


def overview() -> Dashboard:
    """Overview."""
    about = "Is everything there, up to date and right."
    rooms = {"": [*_now(), *_courses()], "Objectives": _objectives(), "Who judges by what": _basis()}
    return dashboard("Overview", uid="handelspuls-overview", about=about, rooms=rooms)


def _now() -> Panels:
    yield number("E-handelsgrad, 30 days", "By amount, of the whole municipality.", SHARE, HEADLINE)
    seen = "Invoices seen, of the ledger's control totals, over 30 days. Below 80 % rates can't be compared."
    yield number("Coverage", seen, SHARE, COVERAGE, steps=COVERED)
    firing = "Alerts that fire, but for the Watchdog; the runbook has a heading for each."
    yield number("Alerts", firing, COUNT, FIRING, steps=ZERO_IS_GOOD)
    yield number("Processes that answer", "Scrape targets that are up.", COUNT, "sum(up)", steps=GOOD)
    waiting = "Records that no process has worked on yet, as committed readers see them."
    yield number("Lag", waiting, RECORDS, "sum(handelspuls_lag_records)")
    age = "Age of the newest record worked on, where there is lag."
    yield number("Behind by", age, SECONDS, "max(handelspuls_lag_seconds)")
    refused = "Records in erp.rejected; each says why, and the page lists them."
    yield number("Refused in the range shown", refused, RECORDS, REFUSED)
    yield number("Of all that came", "The share of refused records, in the range shown.", "percentunit", REFUSED_SHARE)
    difference = "Sums of the database less the units' snapshots, in øre, where it lasts. Anything but 0 is a fault."
    yield number("Database less topics", difference, "suffix: øre", DIFFERENCE, steps=ZERO_IS_GOOD)
    silent = "Since the newest record of the ERP."
    yield number("ERP silent for", silent, SECONDS, "handelspuls:erp_silence_seconds")
    heard = "Since an order of our own was judged: it is sent every five minutes and counts nowhere."
    yield number("Canary heard", heard, SECONDS, "time() - max(handelspuls_canary_heard_seconds > 0)")
    until = "The newest month whose reports are frozen ended then; nothing is shown while none is."
    yield number("Reports until", until, "dateTimeAsIso", "max(handelspuls_reported_until_seconds > 0) * 1000")


def _objectives() -> Panels:
    left = {"{{objective}}": "clamp_min(handelspuls:objective_budget_left:ratio30d, -1)"}
    budget = "Of the bad events that 30 days may have. Used up, changes wait; docs/runbook.md names the promises."
    yield lines("Budget left", budget, SHARE, left, width=12, low=None)
    bad = "handelspuls:objective_bad:increase1h / handelspuls:objective_events:increase1h"
    late = "Late figures, late answers and failed requests, of all within an hour."
    yield lines("Bad events", late, SHARE, {"{{objective}}": bad}, width=12)


def _basis() -> Panels:
    rulesets = {"{{ruleset}}": "count by (ruleset) (handelspuls_ruleset)"}
    yield lines("Rulesets", "How many processes judge by each; one ruleset but for a moment.", COUNT, rulesets)
    releases = {"{{version}}": "count by (version) (handelspuls_release)"}
    yield lines("Releases", "How many processes run each version; one but while it is rolled out.", COUNT, releases)
    owned = {
        "{{table}} open": "sum by (table) (handelspuls_partitions_open)",
        "{{table}} expected": "max by (table) (handelspuls_partitions)",
    }
    yield lines("Partitions", "Open, and how many are to be; records of the others wait.", COUNT, owned)


def _courses() -> Panels:
    latencies = quantiles("handelspuls_event_to_snapshot_seconds", of=(0.5, 0.95, 0.99))
    way = "From a record's arrival at the broker to the snapshot of its unit."
    yield lines("From event to snapshot", way, SECONDS, latencies, width=12)
    results = rate("handelspuls_records_total", by="result")
    ends = "Every record ends as one of these; routed ones are counted again where they land."
    yield lines("What became of the records", ends, A_SECOND, results, width=12)
    outcomes = rate("handelspuls_judgements_total", by="outcome")
    yield lines("Judgements", "Revisions of judgements by outcome.", A_SECOND, outcomes)
    yield lines("Refused", "Records refused, by code.", A_SECOND, rate("handelspuls_rejections_total", by="code"))
    lags = {"{{job}}": "sum by (job) (handelspuls_lag_records)", "database": "sum(handelspuls_sink_lag_records)"}
    yield lines("Lag by process", "Records not yet worked on.", RECORDS, lags)

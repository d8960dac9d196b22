"""The dashboard that operations look at first: is everything there, does it keep up, is the result right."""

from grafana_foundation_sdk.builders.dashboard import Dashboard

from deploy.grafana.frame import dashboard
from deploy.grafana.panels import A_SECOND, RECORDS, SECONDS, SHARE, ZERO_IS_GOOD, lines, number, quantiles, rate

HEADLINE = 'handelspuls_rate{level="municipality", figure="e_handelsgrad_amount", window="30d"}'


def overview() -> Dashboard:
    """Overview."""
    made = dashboard("Overview", uid="handelspuls-overview", about="Is everything there, up to date and right.")
    return (
        made.with_panel(number("E-handelsgrad, 30 days", "By amount, of the whole municipality.", SHARE, HEADLINE))
        .with_panel(
            number("Processes that answer", "Scrape targets that are up.", "short", "sum(up)", steps=((None, "green"),))
        )
        .with_panel(
            number(
                "Lag",
                "Records that no process has worked on yet, as committed readers see them.",
                RECORDS,
                "sum(handelspuls_lag_records)",
            )
        )
        .with_panel(
            number(
                "Not yet in the database",
                "Results that the database sink has not written yet.",
                RECORDS,
                "sum(handelspuls_sink_lag_records)",
            )
        )
        .with_panel(
            number(
                "Refused in the range shown",
                "Records in erp.rejected; each says why, and the page lists them.",
                RECORDS,
                "sum(increase(handelspuls_rejections_total[$__range]))",
            )
        )
        .with_panel(
            number(
                "Database less topics",
                "Sums of the database less the units' snapshots, in øre. 0 when there is no lag.",
                "suffix: øre",
                "max(handelspuls_reconciliation_difference_ore)",
                steps=ZERO_IS_GOOD,
            )
        )
        .with_panel(
            lines(
                "From event to snapshot",
                "From a record's arrival at the broker to the snapshot of its unit.",
                SECONDS,
                quantiles("handelspuls_event_to_snapshot_seconds", of=(0.5, 0.95, 0.99)),
                width=12,
            )
        )
        .with_panel(
            lines(
                "What became of the records",
                "Every record ends as one of these; routed ones are counted again where they land.",
                A_SECOND,
                rate("handelspuls_records_total", by="result"),
                width=12,
                stacked=True,
            )
        )
        .with_panel(
            lines(
                "Judgements",
                "Revisions of judgements by outcome.",
                A_SECOND,
                rate("handelspuls_judgements_total", by="outcome"),
                stacked=True,
            )
        )
        .with_panel(
            lines("Refused", "Records refused, by code.", A_SECOND, rate("handelspuls_rejections_total", by="code"))
        )
        .with_panel(
            lines(
                "Lag by process",
                "Records not yet worked on.",
                RECORDS,
                {"{{job}}": "sum by (job) (handelspuls_lag_records)", "database": "sum(handelspuls_sink_lag_records)"},
            )
        )
    )

"""The dashboard of those who send: what came, what was refused and why, what came twice, who is silent."""

from grafana_foundation_sdk.builders.dashboard import Dashboard

from deploy.grafana.frame import Panels, dashboard
from deploy.grafana.panels import A_SECOND, RECORDS, SECONDS, SHARE, bars, lines, number, rate

INPUTS = 'topic=~"erp\\\\..+|compliance.decisions"'


def integrators() -> Dashboard:
    """Integrators."""
    rooms: dict[str, Panels] = {"": _now(), "Refused": _refused(), "Sent": _sent(), "Another ruleset": _shadow()}
    about = "What was sent, what was refused and why, and what another ruleset would say."
    return dashboard("Integrators", uid="handelspuls-integrators", about=about, rooms=rooms)


def _now() -> Panels:
    silent = "Since the newest record of each topic arrived."
    ages = f"time() - max by (topic) (max_over_time(handelspuls_newest_record_seconds{{{INPUTS}}}[1d]))"
    yield bars("Silence", silent, SECONDS, "{{topic}}", ages, width=12)
    taken = "Records that arrived in the range shown, by topic."
    arrived = f"sum by (topic) (increase(handelspuls_records_total{{{INPUTS}}}[$__range]))"
    yield bars("Came", taken, RECORDS, "{{topic}}", arrived, width=12)
    sources = "sum by (source) (increase(handelspuls_source_records_total[$__range]))"
    named = "Records that were understood and arrived in the range shown, by the source that they name."
    yield bars("By source", named, RECORDS, "{{source}}", f"sort_desc({sources})", width=12)
    hours = {"{{source}}": 'handelspuls:source_records{window="1h"}'}
    usual = {"{{source}}, usual": 'handelspuls:source_records:usual{window="1h"}'}
    hour = "Records in the hour before, and what is usual at that hour of that weekday: the mean of four weeks."
    yield lines("Usual", hour, RECORDS, hours | usual, width=12)


def _refused() -> Panels:
    codes = "sum by (code) (increase(handelspuls_rejections_total[$__range]))"
    why = "By code, in the range shown; docs/rejections.md says what to do about each."
    yield bars("Why", why, RECORDS, "{{code}}", f"sort_desc({codes})", width=12)
    senders = "sum by (source) (increase(handelspuls_refused_senders_total[$__range]))"
    who = "By the source that the record names, in the range shown; `other` where it names none that is a name."
    yield bars("Whose", who, RECORDS, "{{source}}", f"sort_desc({senders})", width=12)
    by_topic = rate("handelspuls_rejections_total", by="topic, code")
    yield lines(
        "Refused",
        "By topic and code. The page lists them with sender, field and sentence.",
        A_SECOND,
        by_topic,
        width=12,
    )
    share = (
        "sum by (topic) (rate(handelspuls_rejections_total[$__rate_interval]))"
        " / sum by (topic) (rate(handelspuls_records_total[$__rate_interval]))"
    )
    yield lines("Share", "Refused, of what came.", SHARE, {"{{topic}}": share}, width=12)


def _sent() -> Panels:
    results = f"sum by (topic, result) (rate(handelspuls_records_total{{{INPUTS}}}[$__rate_interval]))"
    ends = "Every record ends as one of these."
    yield lines("What became of it", ends, A_SECOND, {"{{topic}} {{result}}": results}, width=12)
    twice = 'sum by (result) (rate(handelspuls_records_total{result=~"repeated|stale"}[$__rate_interval]))'
    again = "Repeated: the same event again. Stale: an older version than is known. Both change nothing."
    yield lines("Sent again", again, A_SECOND, {"{{result}}": twice}, width=6)
    late = "sum(rate(handelspuls_late_records_total[$__rate_interval]))"
    yield number("Answered late", "Later than five minutes after they arrived.", A_SECOND, late, width=6)


def _shadow() -> Panels:
    agrees = rate("handelspuls_shadow_total", by="result")
    yield lines("Agrees", "Whether a shadow ruleset judges as the active one does.", A_SECOND, agrees, width=12)
    moves = 'sum by (rule, shadow_rule) (increase(handelspuls_shadow_total{result!="same"}[$__range]))'
    what = "Purchases that the shadow ruleset judges by another rule, in the range shown."
    yield bars("Would move", what, "short", "{{rule}} → {{shadow_rule}}", f"topk(20, {moves})", width=12)

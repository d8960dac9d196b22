"""The objectives with a budget, and their burn rates: one module writes the rules, as each is the same in many windows.

Multi-window burn rates as in Google's Site Reliability Workbook, chapter 5: 14.4 and 6 wake someone, 3 and 1 wait.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

FILE = Path(__file__).with_name("rules") / "objectives.yml"
EVERY_MINUTES = 1
FEWEST = 10
"""A burn needs so many bad events in its long window: three late records of a nearly empty night wake nobody."""
MINUTES = {"5m": 5, "30m": 30, "1h": 60, "2h": 120, "6h": 360, "1d": 1_440, "3d": 4_320, "30d": 43_200}
COUNTED_AT_ONCE = ("5m", "30m", "1h", "2h")
"""Longer windows are summed up from the five minutes' counts: Prometheus reads far less."""


class Objective(NamedTuple):
    """What is promised, of which events, and which of them break the promise; `[]` stands for the window."""

    name: str
    promised: float
    events: str
    bad: str
    meaning: str
    causes: str


class Burn(NamedTuple):
    """How fast a budget burns, over a long window and still over a short one."""

    times: float
    long: str
    short: str
    severity: str
    lasts: str
    keeps: str


_INPUT = 'topic=~"erp\\\\..+|compliance\\\\.(routed|decisions)"'
_PEOPLE = 'route!~"/(metrics|livez|readyz)"'
"""What is asked again and again by machines says nothing of what people see."""
_IN_A_SECOND = f'{_PEOPLE}, status!~"5..", le=~"1(\\\\.0)?"'
OBJECTIVES = (
    Objective(
        name="Freshness",
        promised=0.99,
        events="sum(increase(handelspuls_event_to_snapshot_seconds_count[]))",
        bad="sum(increase(handelspuls_event_to_snapshot_seconds_count[]))"
        ' - sum(increase(handelspuls_event_to_snapshot_seconds_bucket{le=~"60(\\\\.0)?"}[]))',
        meaning="figures later than 60 s after the event's arrival",
        causes="a worker or the merge is down, restoring or too slow, or a sweep after new reference is going on",
    ),
    Objective(
        name="Answered",
        promised=0.999,
        events=f"sum(increase(handelspuls_records_total{{{_INPUT}}}[]))",
        bad=f"sum(increase(handelspuls_late_records_total{{{_INPUT}}}[]))",
        meaning="records answered later than 5 min after their arrival",
        causes="a worker or intake was down, a partition had no owner, or more came in than is worked on",
    ),
    Objective(
        name="Web",
        promised=0.995,
        events=f"sum(increase(handelspuls_web_seconds_count{{{_PEOPLE}}}[]))",
        bad=f"sum(increase(handelspuls_web_seconds_count{{{_PEOPLE}}}[]))"
        f" - (sum(increase(handelspuls_web_seconds_bucket{{{_IN_A_SECOND}}}[])) or vector(0))",
        meaning="requests answered with 5xx or later than after 1 s",
        causes="PostgreSQL is away or busy, or the web process has too little CPU",
    ),
)
BURNS = (
    Burn(14.4, "1h", "5m", "critical", "2m", "5m"),
    Burn(6, "6h", "30m", "critical", "5m", "15m"),
    Burn(3, "1d", "2h", "warning", "15m", "1h"),
    Burn(1, "3d", "6h", "warning", "1h", "3h"),
)


def rules() -> dict[str, Any]:
    """The content of the rule file."""
    groups = [_group(f"{each.name.lower()}-windows", list(_windows(each))) for each in OBJECTIVES]
    return {"groups": [*groups, _group("burn-rates", [_alert(each, burn) for each in OBJECTIVES for burn in BURNS])]}


def _group(name: str, content: list[Mapping[str, Any]]) -> dict[str, Any]:
    return {"name": f"handelspuls-{name}", "interval": f"{EVERY_MINUTES}m", "rules": content}


def _windows(objective: Objective) -> Iterator[dict[str, Any]]:
    labels = {"objective": objective.name.lower()}
    for window in MINUTES:
        for kind, expression in (("events", objective.events), ("bad", objective.bad)):
            yield {
                "record": _series(kind, window),
                "expr": _counted(kind, expression, window, labels),
                "labels": labels,
            }
    left = f"1 - ({_ratio(objective, '30d')}) / {_budget(objective):g}"
    yield {"record": "handelspuls:objective_budget_left:ratio30d", "expr": left, "labels": labels}


def _counted(kind: str, expression: str, window: str, labels: Mapping[str, str]) -> str:
    if window in COUNTED_AT_ONCE:
        return expression.replace("[]", f"[{window}]")
    five = f'handelspuls:objective_{kind}:increase5m{{objective="{labels["objective"]}"}}'
    return f"sum_over_time({five}[{window}]) * {EVERY_MINUTES / 5:g}"


def _series(kind: str, window: str) -> str:
    return f"handelspuls:objective_{kind}:increase{window}"


def _of(objective: Objective, kind: str, window: str) -> str:
    return f'{_series(kind, window)}{{objective="{objective.name.lower()}"}}'


def _ratio(objective: Objective, window: str) -> str:
    return f"{_of(objective, 'bad', window)} / {_of(objective, 'events', window)}"


def _budget(objective: Objective) -> float:
    return round(1 - objective.promised, 6)


def _alert(objective: Objective, burn: Burn) -> dict[str, Any]:
    limit = f"{burn.times:g} * {_budget(objective):g}"
    name = f"{objective.name}BudgetBurns"
    burning = [f"{_ratio(objective, window)} > {limit}" for window in (burn.long, burn.short)]
    enough = f"{_of(objective, 'bad', burn.long)} >= {FEWEST}"
    return {
        "alert": name,
        "expr": " and ".join([*burning, enough]),
        "for": burn.lasts,
        "keep_firing_for": burn.keeps,
        "labels": {"severity": burn.severity, "window": burn.long},
        "annotations": {
            "summary": f"{objective.name}: the budget of 30 days burns {burn.times:g} times too fast",
            "description": f"{{{{ $value | humanizePercentage }}}} {objective.meaning}, over {burn.long};"
            f" {_budget(objective):.1%} are in the budget. Likely: {objective.causes}."
            " First: the Overview and Pipeline dashboards show which stage is late.",
            "runbook_url": f"{{{{ $externalLabels.runbook }}}}#{name.lower()}",
        },
    }


class Plain(yaml.SafeDumper):
    """Without references: each rule is to be read by itself."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the base class asks about each value
        return True


def written() -> str:
    """The rule file as text."""
    head = "# Written by `python -m deploy.prometheus.objectives`; change it there.\n"
    return head + yaml.dump(rules(), Dumper=Plain, sort_keys=False, width=120, allow_unicode=True)


def main() -> None:
    """Write the rule file."""
    FILE.write_text(written(), encoding="utf-8")


if __name__ == "__main__":
    main()

import itertools
import json
import re
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard
from prometheus_client import Counter, Gauge, Histogram, Info

from deploy.grafana.compliance import WINDOWS
from deploy.grafana.dashboards import FOLDER, files
from deploy.grafana.frame import EVENTS, TAG
from models.tally import windows
from models.tally.figures import figures
from sinks import metrics

BOARDS: dict[str, dict[str, Any]] = {name: json.loads(content) for name, content in files().items()}
PANELS = [(name, panel) for name, board in BOARDS.items() for panel in board["panels"] if panel["type"] != "row"]
EXPRESSIONS = [target["expr"] for _, panel in PANELS for target in panel["targets"]]
EACH = pytest.mark.parametrize("panel", [panel for _, panel in PANELS], ids=[f"{n}:{p['title']}" for n, p in PANELS])


def series_of(metric: Counter | Gauge | Histogram | Info) -> str:
    name = next(iter(metric.describe())).name
    ending = "_total" if isinstance(metric, Counter) else "_info" if isinstance(metric, Info) else ""
    return f"{name}{ending}"


# Labels of Prometheus itself.
BESIDE_OURS = {"job", "instance", "le", "alertname", "alertstate"}
# What each metric is told apart by; prometheus_client shows it under this name only.
LABELS: dict[str, tuple[str, ...]] = {
    series_of(each): each._labelnames
    for each in vars(metrics).values()
    if isinstance(each, Counter | Gauge | Histogram | Info)
}


LABELS["handelspuls_unit_info"] += ("name",)

# Of what rules record, as far as panels select by it.
LABELS_RECORDED = {
    "handelspuls:target_distance": LABELS["handelspuls_target"],
    "handelspuls:source_records": (*LABELS["handelspuls_source_records_total"], "window"),
}


def metric_of(series: str) -> str:
    """A histogram's series have its name and more."""
    return re.sub(r"_(bucket|sum|count)$", "", series)


def defined() -> list[str]:
    return sorted(LABELS)


def test_the_committed_dashboards_are_what_the_code_makes() -> None:
    committed = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*")}
    assert committed == files(), "write them with: python -m deploy.grafana.dashboards"


@pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS)
def test_grafana_s_own_models_read_a_dashboard_and_lose_nothing(board: dict[str, Any]) -> None:
    register_default_plugins()
    read = json.loads(JSONEncoder().encode(Dashboard.from_json(board)))
    for panel in read["panels"]:  # of a heatmap they say an empty one
        if panel.get("fieldConfig", {}).get("defaults", {}).get("custom") == {}:
            del panel["fieldConfig"]["defaults"]["custom"]
    assert read == board


def test_rates_are_not_stacked() -> None:
    stacked = [
        panel["title"]
        for _, panel in PANELS
        if panel["fieldConfig"]["defaults"].get("custom", {}).get("stacking", {}).get("mode") == "normal"
        and any("rate(" in target["expr"] for target in panel["targets"])
    ]
    assert stacked == []


def test_dashboards_have_fixed_and_different_uids_one_tag_and_the_same_marks() -> None:
    assert len({board["uid"] for board in BOARDS.values()}) == len(BOARDS)
    assert {tuple(board["tags"]) for board in BOARDS.values()} == {(TAG,)}
    marks = [[each["name"] for each in board["annotations"]["list"]] for board in BOARDS.values()]
    assert marks == [list(EVENTS)] * len(BOARDS)


@pytest.mark.parametrize("metric", defined())
def test_every_metric_is_on_a_panel(metric: str) -> None:
    assert any(re.search(rf"\b{metric}(_bucket|_sum)?\b", expression) for expression in EXPRESSIONS)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_a_query_groups_and_selects_by_labels_that_its_metric_has(expression: str) -> None:
    known = {label for name in re.findall(r"handelspuls_\w+", expression) for label in LABELS[metric_of(name)]}
    known |= {label for name, labels in LABELS_RECORDED.items() if name in expression for label in labels}
    grouped = {label.strip() for group in re.findall(r"\bby \(([^)]*)\)", expression) for label in group.split(",")}
    selected = set(re.findall(r'(\w+)!?=~?"', expression))
    assert grouped | selected <= known | BESIDE_OURS


def test_no_panel_asks_for_a_metric_that_nobody_defines() -> None:
    asked = {name for each in EXPRESSIONS for name in re.findall(r"handelspuls_\w+", each)}
    assert {metric_of(name) for name in asked} == set(defined())


@EACH
def test_every_panel_has_title_unit_and_description(panel: dict[str, Any]) -> None:
    assert panel["title"]
    assert panel["description"].endswith(".")
    assert panel["fieldConfig"]["defaults"]["unit"]


@EACH
def test_every_panel_and_query_uses_the_datasource_variable(panel: dict[str, Any]) -> None:
    assert {each["datasource"]["uid"] for each in (panel, *panel["targets"])} == {"${datasource}"}
    references = [target["refId"] for target in panel["targets"]]
    assert len(set(references)) == len(references)


@pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS)
def test_every_dashboard_lets_the_datasource_be_chosen(board: dict[str, Any]) -> None:
    chosen = [each for each in board["templating"]["list"] if each["name"] == "datasource"]
    assert [(each["type"], each["query"]) for each in chosen] == [("datasource", "prometheus")]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_rates_are_taken_over_the_interval_that_fits_the_scrapes(expression: str) -> None:
    assert set(re.findall(r"\brate\([^\[]*\[([^\]]*)\]", expression)) <= {"$__rate_interval"}
    assert set(re.findall(r"\bincrease\([^\[]*\[([^\]]*)\]", expression)) <= {"$__range"}


@pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS)
def test_no_panels_overlap_or_leave_the_page(board: dict[str, Any]) -> None:
    places = [panel["gridPos"] for panel in board["panels"]]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    for one, other in itertools.combinations(places, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or below


def test_the_windows_to_choose_are_those_that_are_measured() -> None:
    assert WINDOWS == windows.WINDOWS


def test_the_figures_shown_are_figures_there_are() -> None:
    asked = {name for each in EXPRESSIONS for name in re.findall(r'figure="(\w+)"', each)}
    assert asked <= set(figures({}))

"""The rules of Prometheus, their tests, the runbook and the metrics say the same."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.grafana.dashboards import files
from deploy.prometheus.objectives import FILE, OBJECTIVES, written
from tests.unit.deployment.test_dashboards import LABELS

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "deploy/prometheus"
RUNBOOK = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
RULES: list[dict[str, Any]] = [
    rule
    for path in sorted((FOLDER / "rules").glob("*.yml"))
    for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
ALERTS = [rule for rule in RULES if "alert" in rule]
NAMES = sorted({rule["alert"] for rule in ALERTS})
ALWAYS = "Watchdog"
TESTED = [
    test["name"]
    for path in sorted(FOLDER.glob("rules_test*.yml"))
    for test in yaml.safe_load(path.read_text(encoding="utf-8"))["tests"]
]
EACH = pytest.mark.parametrize("alert", ALERTS, ids=[f"{rule['alert']}-{n}" for n, rule in enumerate(ALERTS)])
PARTS = ["Meaning", "Impact", "Diagnosis", "Mitigation"]


def test_the_objectives_are_what_the_code_writes() -> None:
    assert FILE.read_text(encoding="utf-8") == written(), "write it with: python -m deploy.prometheus.objectives"


@EACH
def test_an_alert_says_what_is_wrong_what_was_expected_why_and_what_to_do_first(alert: dict[str, Any]) -> None:
    told = alert["annotations"]
    assert told["summary"]
    assert told["runbook_url"] == "{{ $externalLabels.runbook }}#" + alert["alert"].lower()
    if alert["alert"] != ALWAYS:
        assert re.search(r"expected|in the budget|something every few minutes|there were more", told["description"])
        assert "Likely: " in told["description"]
        assert "First: " in told["description"]


@EACH
def test_an_alert_has_a_severity_and_neither_begins_nor_ends_by_a_single_value(alert: dict[str, Any]) -> None:
    if alert["alert"] == ALWAYS:
        assert alert["labels"] == {"severity": "none"}
        return
    assert alert["labels"]["severity"] in {"critical", "warning", "info"}
    assert {"for", "keep_firing_for"} <= set(alert)


@pytest.mark.parametrize("name", NAMES)
def test_an_alert_has_a_case_that_fires_and_one_that_does_not(name: str) -> None:
    assert any(re.match(rf"{name} fires", test) for test in TESTED)
    assert any(re.match(rf"{name} is silent", test) for test in TESTED)


@pytest.mark.parametrize("name", NAMES)
def test_the_runbook_says_of_an_alert_what_it_means_and_what_to_do(name: str) -> None:
    found = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", RUNBOOK, re.MULTILINE | re.DOTALL)
    assert found is not None
    parts = re.split(r"^### (.*)\n", found[1], flags=re.MULTILINE)[1:]
    assert parts[::2] == PARTS
    assert all(text.strip() for text in parts[1::2])


def test_the_runbook_has_no_heading_of_an_alert_that_is_none() -> None:
    headings = re.findall(r"^## (.*)$", RUNBOOK.partition("# Alerts\n")[2], re.MULTILINE)
    assert sorted(headings) == NAMES


def test_every_alert_is_in_the_table_of_faults_or_about_the_figures() -> None:
    table = RUNBOOK.partition("## Which fault, which alert")[2].partition("# Alerts")[0]
    about_figures = {"TargetCrossed", "ReportLate"}
    assert {name for name in NAMES if name not in table} == about_figures


def test_the_runbook_and_the_rules_promise_the_same() -> None:
    for objective in OBJECTIVES:
        assert f"| {objective.name.lower()} | {objective.promised * 100:g} %" in RUNBOOK


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.get("alert", rule.get("record")))
def test_a_rule_asks_for_metrics_and_recordings_that_there_are(rule: dict[str, Any]) -> None:
    asked = {
        name.removesuffix("_bucket").removesuffix("_count") for name in re.findall(r"handelspuls_\w+", rule["expr"])
    }
    assert asked <= set(LABELS)
    assert recordings(rule["expr"]) <= {rule["record"] for rule in RULES if "record" in rule}


def recordings(text: str) -> set[str]:
    return set(re.findall(r"handelspuls:\w+(?::\w+)?", text))


def test_panels_ask_for_recordings_that_there_are() -> None:
    recorded = {rule["record"] for rule in RULES if "record" in rule}
    assert recordings("\n".join(files().values())) <= recorded


ROUTING: dict[str, Any] = yaml.safe_load((FOLDER / "alertmanager.yml").read_text(encoding="utf-8"))


def test_every_severity_reaches_a_receiver_that_there_is() -> None:
    receivers = {each["name"] for each in ROUTING["receivers"]}
    assert {ROUTING["route"]["receiver"], *(each["receiver"] for each in ROUTING["route"]["routes"])} == receivers
    matched = {matcher.partition(" = ")[2] for each in ROUTING["route"]["routes"] for matcher in each["matchers"]}
    assert {rule["labels"]["severity"] for rule in ALERTS} - matched == {"none", "warning"}


def test_what_silences_and_is_silenced_are_alerts_that_there_are() -> None:
    texts = [
        text for each in ROUTING["inhibit_rules"] for side in ("source", "target") for text in each[f"{side}_matchers"]
    ]
    named = {name for text in texts if text.startswith("alertname") for name in re.findall(r"[A-Z]\w+", text)}
    assert {name for name in named if name not in NAMES} == {"BudgetBurns"}

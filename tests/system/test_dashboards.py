"""Every query of every panel, on a real Prometheus that scrapes the running service while the simulator feeds it."""

import json
import math
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from deploy.grafana.dashboards import files
from tests.integration.deployment.test_prometheus import prometheus
from tests.system.fed import Fed, send_what_is_refused, visit
from tests.system.service import wait_until

VARIABLES = {"$__rate_interval": "30s", "$__range": "5m", "$window": "30d", "$__interval": "15s"}
ANSWERED_WITHIN_S = 150.0
VISITED_EVERY_S = 15.0
"""Too seldom for the web's objective to be burnt where the machine is slow: ten bad requests are needed."""
QUERIES = {
    (name, panel["title"], target["expr"]): panel
    for name, content in files().items()
    for panel in json.loads(content)["panels"]
    for target in panel.get("targets", ())
}
# What does not happen in these minutes, and no more: nobody crosses a target, runs a shadow or freezes a month; what is
# usual is known after a week.
QUIET = ("handelspuls_alerts_total", "handelspuls_shadow_total", "handelspuls_reported_until_seconds")
QUIETER = (
    "handelspuls:target_distance < 0",
    "handelspuls_no_purchase_total",
    "handelspuls:source_records:usual",
)
BAND = {"percentunit": (-1.0, 1.0001), "percent": (0.0, 100.0), "s": (0.0, 86_400.0)}


@pytest.fixture(scope="module")
def watched() -> Iterator[tuple[Fed, str]]:
    """The service, and a Prometheus that watches it."""
    with TemporaryDirectory(prefix="handelspuls-dashboards-") as folder:
        service = Fed(Path(folder))
        try:
            service.start_servers()
            assert service.run("setup").returncode == 0
            service.start_all()
            service.start("canary")
            service.feed()
            with prometheus(Path(folder), service.scraped()) as found:
                send_what_is_refused(service.bootstrap)
                yield service, found
        finally:
            for process in service.processes.values():
                if process.is_alive:
                    process.kill()
            service.stop_servers()


def values(address: str, expression: str) -> list[float]:
    """Every finite value of the last minutes, of all series."""
    for variable, value in VARIABLES.items():
        expression = expression.replace(variable, value)
    now = time.time()
    asked = {"query": expression, "start": now - 240, "end": now, "step": 5}
    url = f"{address}/api/v1/query_range?{urllib.parse.urlencode(asked)}"
    with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310 - an address of our own
        found: list[Any] = json.load(answer)["data"]["result"]
    told = [float(value) for series in found for _, value in series["values"]]
    return [value for value in told if math.isfinite(value)]


@pytest.fixture(scope="module")
def address(watched: tuple[Fed, str]) -> str:
    return watched[1]


@pytest.fixture(scope="module")
def answers(watched: tuple[Fed, str]) -> dict[tuple[str, str, str], list[float]]:
    """What each query gives, once all that can be there is."""
    service, address = watched
    deadline, visited = time.monotonic() + ANSWERED_WITHIN_S, -math.inf
    while True:
        if time.monotonic() - visited > VISITED_EVERY_S:
            visit(service)
            visited = time.monotonic()
        found = {place: values(address, place[2]) for place in QUERIES}
        if not missing(found) or time.monotonic() > deadline:
            return found
        time.sleep(2)


def missing(found: dict[tuple[str, str, str], list[float]]) -> list[tuple[str, str, str]]:
    may_be_empty = (*QUIET, *QUIETER)
    return [place for place, told in found.items() if not told and not any(name in place[2] for name in may_be_empty)]


def test_every_query_returns_data(answers: dict[tuple[str, str, str], list[float]]) -> None:
    assert missing(answers) == []


def test_the_values_are_sane(answers: dict[tuple[str, str, str], list[float]]) -> None:
    wrong = []
    for place, told in answers.items():
        low, high = BAND.get(QUERIES[place]["fieldConfig"]["defaults"]["unit"], (0.0, math.inf))
        if 'figure="coverage_' in place[2]:
            high = math.inf  # invoices are seen before the ledger's totals of the same days come
        wrong += [(place, min(told), max(told))] if told and not low <= min(told) <= max(told) <= high else []
    assert wrong == []


def test_a_healthy_service_under_load_lets_no_alert_fire_but_the_watchdog(
    address: str, answers: dict[tuple[str, str, str], list[float]]
) -> None:
    wait_until("the watchdog", lambda: firing(address))
    assert firing(address) == {"Watchdog"}


def firing(address: str) -> set[str]:
    """The names of the alerts that fire now."""
    with urllib.request.urlopen(f"{address}/api/v1/alerts", timeout=10) as answer:  # noqa: S310 - an address of our own
        alerts = json.load(answer)["data"]["alerts"]
    return {alert["labels"]["alertname"] for alert in alerts if alert["state"] == "firing"}


def test_promtool_reads_every_metric_page_without_a_complaint(address: str) -> None:
    with urllib.request.urlopen(f"{address}/api/v1/targets", timeout=10) as answer:  # noqa: S310 - an address of our own
        targets = json.load(answer)["data"]["activeTargets"]
    assert {target["labels"]["job"] for target in targets} >= {
        "intake",
        "worker",
        "merge",
        "database",
        "web",
        "simulate",
    }
    for target in targets:
        with urllib.request.urlopen(target["scrapeUrl"], timeout=10) as answer:  # noqa: S310 - an address of our own
            page = answer.read()
        done = subprocess.run(["promtool", "check", "metrics"], input=page, capture_output=True, check=False)
        assert done.returncode == 0, (target["scrapeUrl"], done.stdout + done.stderr)

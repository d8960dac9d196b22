"""Which alerts fire at which fault, tried: `make alerts`, or `python -m tests.system.alerts [FAULT…]`.

A Prometheus with our rules, all their times a fifteenth of what they are, watches the whole service while one fault after
the other is brought about and mended again. What fires beside what is expected is a difference; the runbook has the table.
"""

import json
import re
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from kafka.errors import KafkaError

from tests.integration.deployment.test_prometheus import prometheus
from tests.system.faults import FAULTS, Fault, Watched
from tests.system.fed import opened, send_what_is_refused
from tests.system.service import wait_until

FASTER = 15
RULES = Path(__file__).parents[2] / "deploy/prometheus/rules"
IN_SECONDS = ("handelspuls:erp_silence_seconds > 3600", 'process_start_time_seconds{job="canary"})) > 900')
SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
FIRES_WITHIN_S, QUIET_WITHIN_S = 330.0, 420.0
LOOKED_ON_S = 30.0
"""After what is expected fires: what else comes of the fault comes by then."""
WAKES = {"critical", "warning"}
"""Severities that are looked at: the Watchdog has none, and a target that is crossed is the town's affair."""


def faster(text: str) -> str:
    """The rules with all their durations shortened, where somebody always works."""
    for threshold in IN_SECONDS:
        before, _, seconds = threshold.rpartition(" ")
        text = text.replace(threshold, f"{before} {int(seconds) / FASTER}")
    text = re.sub(r"(?<=[\[: ])(\d+)([smhd])(?=[\]:)\n]|$)", _shortened, text, flags=re.MULTILINE)
    rules = yaml.safe_load(text)
    for rule in (rule for group in rules["groups"] for rule in group["rules"]):
        if rule.get("record") == "handelspuls:working_hours":
            rule["expr"] = "vector(1)"
    return yaml.safe_dump(rules)


def _shortened(found: re.Match[str]) -> str:
    return f"{max(round(int(found[1]) * SECONDS[found[2]] * 1000 / FASTER), 1000)}ms"


@contextmanager
def visited(service: Watched) -> Iterator[None]:
    """Somebody looks at the page, twice a second."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.5):
            opened(f"http://127.0.0.1:{service.web_port}/")

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def tried(fault: Fault, service: Watched, address: str) -> set[str]:
    """All that fired from the beginning of a fault to its end, and until all is quiet again."""
    wait_until("quiet", lambda: _is_quiet(service, address), within_s=QUIET_WITHIN_S, every_s=1)
    fired: set[str] = set()
    fault.begin(service)
    until = time.monotonic() + (FIRES_WITHIN_S if fault.fires else fault.watched_s)
    while time.monotonic() < until:
        time.sleep(1)
        service.look_after()
        if fault.again is not None:
            with suppress(KafkaError):
                fault.again(service)
        had, fired = fired, fired | woken(address)
        if fault.fires and fault.fires <= fired and not fault.fires <= had:
            until = min(until, time.monotonic() + LOOKED_ON_S)
    fault.end(service)
    return fired


def _is_quiet(service: Watched, address: str) -> bool:
    service.look_after()
    return not woken(address)


def woken(address: str) -> set[str]:
    """The names of the alerts that somebody is told of now. A budget's warnings look at days, which no trial has."""
    with urllib.request.urlopen(f"{address}/api/v1/alerts", timeout=10) as answer:  # noqa: S310 - an address of our own
        alerts = [one for one in json.load(answer)["data"]["alerts"] if one["state"] == "firing"]
    told = [one["labels"] for one in alerts if one["labels"]["severity"] in WAKES]
    return {
        one["alertname"]
        for one in told
        if one["severity"] == "critical" or not one["alertname"].endswith("BudgetBurns")
    }


def main(only: list[str]) -> int:
    """One line a fault; the number of those where other alerts fired than the runbook says."""
    differ = 0
    with TemporaryDirectory(prefix="handelspuls-alerts-") as name:
        folder = Path(name)
        (folder / "rules").mkdir()
        for path in RULES.glob("*.yml"):
            (folder / "rules" / path.name).write_text(faster(path.read_text(encoding="utf-8")), encoding="utf-8")
        with Watched.running(folder) as service, prometheus(folder, service.targets(), home=folder) as address:
            send_what_is_refused(service.bootstrap)
            with visited(service):
                for fault in FAULTS:
                    if only and fault.name not in only:
                        continue
                    fired = tried(fault, service, address)
                    right = fault.fires <= fired <= fault.fires | fault.may
                    differ += not right
                    mark = "ok     " if right else "DIFFERS"
                    print(mark, f"{fault.name:<24} fired: {', '.join(sorted(fired)) or 'nothing'}", flush=True)  # noqa: T201
    return differ


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

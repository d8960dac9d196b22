"""What operators of Kubernetes read keeps to their own resource definitions, which come from npm as types and validators."""

import json
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.unit.deployment.test_kubernetes import OTHERS, RESOURCES

MANIFEST = Path(__file__).parent / "operators"
PACKAGES = {
    "kafka.strimzi.io": "@kubernetes-models/strimzi-kafka-operator",
    "monitoring.coreos.com": "@kubernetes-models/prometheus-operator",
}
COMPILE = ("--strict", "--noEmitOnError", "--skipLibCheck", "--module", "nodenext", "--target", "es2022")
Json = dict[str, Any]
Check = Callable[[Sequence[Json]], str]


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> Check:
    """Says what the compiler or a validator finds wrong with resources; nothing if all is right."""
    folder = tmp_path_factory.mktemp("operators")
    shutil.copytree(MANIFEST, folder, dirs_exist_ok=True)
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=folder, check=True, timeout=180, capture_output=True)

    def wrong_with(resources: Sequence[Json]) -> str:
        (folder / "resources.ts").write_text(_program(resources), encoding="utf-8")
        for command in (["node_modules/.bin/tsc", *COMPILE, "resources.ts"], ["node", "resources.js"]):
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
            if done.returncode:
                return done.stdout + done.stderr
        return ""

    return wrong_with


def _program(resources: Sequence[Json]) -> str:
    """The types refuse fields that there are not, which the validators let pass; these know the ranges and patterns."""
    kinds = sorted({(resource["apiVersion"], resource["kind"]) for resource in resources})
    imports = [
        f'import {{ {kind} }} from "{PACKAGES[version.partition("/")[0]]}/{version}/{kind}";' for version, kind in kinds
    ]
    checks = [f"new {resource['kind']}({_content(resource)}).validate();" for resource in resources]
    return "\n".join([*imports, *checks]) + "\n"


def _content(resource: Json) -> str:
    """All but the version and the kind, which are those of the type."""
    return json.dumps({name: value for name, value in resource.items() if name not in {"apiVersion", "kind"}})


def test_what_operators_read_keeps_to_their_definitions(check: Check) -> None:
    theirs = [resource for resource in RESOURCES if resource["kind"] in OTHERS]
    assert {resource["kind"] for resource in theirs} == OTHERS
    assert check(theirs) == ""


def of_kind(kind: str) -> Json:
    found: Json = json.loads(json.dumps(next(resource for resource in RESOURCES if resource["kind"] == kind)))
    return found


def test_the_definitions_would_refuse_wrong_ones(check: Check) -> None:
    topic, rule = of_kind("KafkaTopic"), of_kind("PrometheusRule")
    topic["spec"]["partition"] = 4
    assert '"partition"\' does not exist' in check([topic])
    rule["spec"]["groups"][0]["rules"][0]["for"] = "two minutes"
    assert "/spec/groups/0/rules/0/for" in check([rule])

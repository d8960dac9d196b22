"""The units of systemd start what there is, with settings that there are, and never hang on a missing part."""

import re
from pathlib import Path

import pytest

from deploy.local.settings import LocalSettings
from handelspuls.entrance import COMMANDS
from handelspuls.settings import Settings
from tests.unit.deployment.test_compose import OURS, variables

FOLDER = Path(__file__).parents[3] / "deploy/systemd"
SERVICES = sorted(path.name for path in FOLDER.glob("*.service"))
LONG_LIVED = [name for name in SERVICES if name.endswith("@.service")]
SECTIONS = {"Unit", "Service", "Timer", "Install"}
OF_SYSTEMD = {"handelspuls@", "handelspuls-worker@", "handelspuls-report"}


def directives(name: str) -> list[tuple[str, str]]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [(key, value) for key, _, value in (line.partition("=") for line in lines) if value and key[0] not in "#["]


def values(name: str, key: str) -> list[str]:
    return [value for found, value in directives(name) if found == key]


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.iterdir()))
def test_a_unit_is_written_as_systemd_reads_it(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert set(re.findall(r"^\[(.*)\]$", text, re.MULTILINE)) <= SECTIONS
    for line in text.splitlines():
        assert not line or re.match(r"#|\[|[A-Z]\w*=", line), line


@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_runs_a_command_that_there_is(name: str) -> None:
    (start,) = values(name, "ExecStart")
    found = re.search(r"-m handelspuls ([\w%]+)", start)
    assert found is not None
    assert found[1] == "%i" or COMMANDS[found[1]].is_built()


def test_the_processes_it_names_are_those_of_compose() -> None:
    told = (FOLDER / "handelspuls@.service").read_text(encoding="utf-8")
    named = set(re.findall(r"handelspuls@(\w+)", told.partition("\n")[0])) | {"worker"}
    assert named == {each.removesuffix("-2") for each in OURS} - {"setup", "simulate"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_variable_is_a_setting(name: str) -> None:
    given = {pair.partition("=")[0] for line in values(name, "Environment") for pair in line.split()}
    assert given <= set(variables(Settings) | variables(LocalSettings))


@pytest.mark.parametrize("name", LONG_LIVED)
def test_a_process_is_always_started_again_and_has_the_time_to_end_well(name: str) -> None:
    assert values(name, "Restart") == ["always"]
    assert values(name, "StartLimitIntervalSec") == ["0"]
    assert int(values(name, "TimeoutStopSec")[0]) > 30


@pytest.mark.parametrize("name", SERVICES)
def test_a_process_is_unprivileged(name: str) -> None:
    assert values(name, "User") == ["handelspuls"]
    assert values(name, "NoNewPrivileges") == ["yes"]
    assert values(name, "ProtectSystem") == ["strict"]


def test_the_runbook_names_units_that_there_are() -> None:
    runbook = (FOLDER.parents[1] / "docs/runbook.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(handelspuls(?:-\w+)?@|handelspuls-\w+(?=\.timer))", runbook))
    assert named <= OF_SYSTEMD

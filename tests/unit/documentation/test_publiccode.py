import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
CODE: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Required by the publiccode.yml standard, except for `url`: the repository has no public address yet.
REQUIRED = {
    "publiccodeYmlVersion": str,
    "name": str,
    "platforms": list,
    "developmentStatus": str,
    "softwareType": str,
    "description": dict,
    "legal": dict,
    "maintenance": dict,
    "localisation": dict,
}
STATUSES = {"concept", "development", "beta", "stable", "obsolete"}


@pytest.mark.parametrize("key", sorted(REQUIRED))
def test_a_key_that_the_standard_requires_is_there(key: str) -> None:
    assert isinstance(CODE[key], REQUIRED[key])
    assert CODE[key]


def test_it_says_the_same_as_the_project() -> None:
    assert (CODE["name"], CODE["softwareVersion"]) == (PROJECT["name"], PROJECT["version"])
    assert CODE["legal"]["license"] == PROJECT["license"] == "EUPL-1.2"
    assert CODE["developmentStatus"] in STATUSES
    assert date.fromisoformat(CODE["releaseDate"])


def test_every_language_of_the_software_describes_it_within_the_limits() -> None:
    assert set(CODE["localisation"]["availableLanguages"]) == set(CODE["description"])
    for said in CODE["description"].values():
        assert len(said["shortDescription"]) <= 150
        assert 150 <= len(said["longDescription"]) <= 10_000
        assert said["features"]


def test_who_maintains_it_is_named_as_the_kind_of_maintenance_asks() -> None:
    named = {"internal": "contacts", "community": "contacts", "contract": "contractors"}
    assert CODE["maintenance"][named[CODE["maintenance"]["type"]]]


def test_the_licence_is_there_in_full() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in text
    assert len(text) > 10_000

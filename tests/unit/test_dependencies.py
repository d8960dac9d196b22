import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LISTED = set(
    re.findall(r"^\| ([A-Za-z0-9_.-]+) \|", (ROOT / "docs/dependencies.md").read_text(encoding="utf-8"), re.MULTILINE)
) - {"package"}


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=!~ ;]", requirement, maxsplit=1)[0]


def test_the_list_of_dependencies_with_reasons_is_that_of_the_project() -> None:
    required = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    assert {name_of(requirement) for requirement in required} == LISTED


def test_every_direct_dependency_is_locked_with_hashes() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower()
    for requirement in PROJECT["dependencies"]:
        assert re.search(rf"^{re.escape(name_of(requirement).lower())}==\S+.*\\\n +--hash=", lock, re.MULTILINE), (
            requirement
        )

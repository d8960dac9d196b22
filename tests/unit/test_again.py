"""Failing tests run once more: a small set of tests of its own, run as `make test` does it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONFTEST = """
from tests.again import Verdicts

def pytest_configure(config):
    config.pluginmanager.register(Verdicts(config))
"""
ONCE = """
from pathlib import Path

def test_once():
    seen = Path("{name}")
    was_there = seen.exists()
    seen.touch()
    {check}
"""


def ends(folder: Path, *tests: str) -> tuple[int, int, str]:
    """How the first session and the one after it end, and what is said in the second."""
    folder.joinpath("conftest.py").write_text(CONFTEST, encoding="utf-8")
    for number, test in enumerate(tests):
        folder.joinpath(f"test_{number}.py").write_text(test, encoding="utf-8")
    command = [sys.executable, "-m"]
    environment = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    first, second = (
        subprocess.run([*command, each], cwd=folder, env=environment, capture_output=True, text=True, check=False)
        for each in ("pytest", "tests.again")
    )
    return first.returncode, second.returncode, second.stdout


def once(number: int = 0, check: str = "assert was_there") -> str:
    return ONCE.format(name=f"seen-{number}", check=check)


def test_what_passes_the_second_time_is_named_and_the_run_is_green(tmp_path: Path) -> None:
    first, second, said = ends(tmp_path, once(), "def test_good(): pass")
    assert (first, second) == (1, 0)
    assert "UNSTABLE" in said
    assert "test_0.py::test_once" in said


@pytest.mark.parametrize(
    ("tests", "why"),
    [
        (["def test_bad(): assert False"], "fail again"),
        ([once(check="differences = [1] * (not was_there); assert differences == []")], "the oracle found"),
        ([once(number) for number in range(4)], "4 tests failed"),
    ],
    ids=["always", "verdict", "many"],
)
def test_the_run_stays_red(tmp_path: Path, tests: list[str], why: str) -> None:
    first, second, said = ends(tmp_path, *tests)
    assert (first, second) == (1, 1)
    assert why in said
    assert "UNSTABLE" not in said

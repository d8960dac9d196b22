"""The benchmark's short form: it runs, finds every output true, and says so in the form that others read."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from bench.results import RATIOS, Results, table

ROOT = Path(__file__).parents[2]
PROGRAMS = ("worker", "hand_written", "typical_faust", "bare_faust")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bench")
    short = ["--runs", "1", "--purchases", "300", "--thin", "--out", str(out)]
    done = subprocess.run(
        [sys.executable, "-m", "bench.compare", *short],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture
def found(folder: Path) -> Results:
    return msgspec.json.decode((folder / "results.json").read_bytes(), type=Results)


def test_every_program_is_measured_and_its_output_is_true(found: Results) -> None:
    assert tuple(found.programs) == PROGRAMS
    for program in found.programs.values():
        assert program.wrong_runs == 0
        assert all(len(each.runs) == 1 for each in (program.events_per_s, program.cpu_us_per_event, program.peak_mb))
        assert all(0 < each.lowest <= each.median <= each.highest for each in (program.events_per_s, program.peak_mb))
        assert program.cpu_us_per_event.lowest >= 0, "so few events may take less than the clock of the processor shows"


def test_the_worker_is_put_in_relation_to_each_of_the_others(found: Results) -> None:
    assert found.ratios.keys() == RATIOS.keys()
    assert all(ratio > 0 for ratio in found.ratios.values())


def test_there_is_a_table_and_a_picture(folder: Path, found: Results) -> None:
    assert table(found).count("\n| ") == len(PROGRAMS)
    assert "</svg>" in (folder / "results.svg").read_text(encoding="utf-8")

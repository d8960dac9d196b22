"""The results of a comparison: every run, medians and ranges, ratios; as JSON and as a table."""

import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench.process import Measured

WORKER = "worker"
RATIOS = {
    "worker_to_hand_written": "hand_written",
    "worker_to_typical_faust": "typical_faust",
    "worker_to_bare_faust": "bare_faust",
}
TITLES = {
    WORKER: "the service's worker",
    "hand_written": "loop by hand (the floor)",
    "typical_faust": "Faust as usually written",
    "bare_faust": "Faust, empty loop",
}


class Figure(msgspec.Struct, frozen=True):
    """One figure over all runs."""

    median: float
    lowest: float
    highest: float
    runs: list[float]


class Program(msgspec.Struct, frozen=True):
    """One program's runs; a run whose output was wrong counts as zero events a second."""

    events_per_s: Figure
    cpu_us_per_event: Figure
    peak_mb: Figure
    wrong_runs: int


class Results(msgspec.Struct, frozen=True):
    """`results.json`."""

    taken_at: str
    machine: str
    purchases: int
    events: int
    runs: int
    programs: dict[str, Program]
    ratios: dict[str, float]
    """Of the medians of events a second."""


class Run(msgspec.Struct, frozen=True):
    """One run with what was found wrong in its output."""

    measured: Measured
    mistakes: Sequence[str] = ()


def results(runs: Mapping[str, Sequence[Run]], *, purchases: int, events: int) -> Results:
    """Summed up, as of now, on this machine."""
    programs = {name: _program(those) for name, those in runs.items()}
    return Results(
        taken_at=datetime.now(UTC).isoformat(timespec="seconds"),
        machine=machine(),
        purchases=purchases,
        events=events,
        runs=max(map(len, runs.values())),
        programs=programs,
        ratios={
            ratio: _ratio(programs, beside) for ratio, beside in RATIOS.items() if {WORKER, beside} <= programs.keys()
        },
    )


def machine() -> str:
    """What it was measured on, in words."""
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    ]
    return f"{os.cpu_count()} cores, {(models or [platform.machine()])[0]}, Python {platform.python_version()}"


def _program(runs: Sequence[Run]) -> Program:
    return Program(
        events_per_s=_figure([0.0 if run.mistakes else run.measured.events_per_s for run in runs]),
        cpu_us_per_event=_figure([run.measured.cpu_us_per_event for run in runs]),
        peak_mb=_figure([run.measured.peak_mb for run in runs]),
        wrong_runs=sum(bool(run.mistakes) for run in runs),
    )


def _figure(values: Sequence[float]) -> Figure:
    rounded = [round(value, 1) for value in values]
    return Figure(round(statistics.median(values), 1), min(rounded), max(rounded), rounded)


def _ratio(programs: Mapping[str, Program], beside: str) -> float:
    other = programs[beside].events_per_s.median
    return round(programs[WORKER].events_per_s.median / other, 3) if other else 0.0


def table(found: Results) -> str:
    """The figures as a Markdown table: median (lowest to highest)."""
    head = "| program | events/s | CPU µs/event | peak memory, MB | wrong runs |\n|---|---|---|---|---|\n"
    rows = [
        f"| {TITLES[name]} | {_cell(one.events_per_s)} | {_cell(one.cpu_us_per_event)} | {_cell(one.peak_mb)} | {one.wrong_runs} |"
        for name, one in found.programs.items()
    ]
    ratios = [f"{name}: {value:.2f}" for name, value in found.ratios.items()]
    words = f"{found.events:,} events of {found.purchases:,} purchases, {found.runs} runs, {found.machine}, {found.taken_at[:10]}"
    return f"{head}{os.linesep.join(rows)}\n\n{words}; {', '.join(ratios)}."


def _cell(figure: Figure) -> str:
    return f"{figure.median:,.0f} ({figure.lowest:,.0f} to {figure.highest:,.0f})"

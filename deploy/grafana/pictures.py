"""Pictures of the dashboards, drawn from the queries of their panels: `python -m deploy.grafana.pictures PROMETHEUS FOLDER`.

So that a reader sees what a dashboard shows without a Grafana; its look is Grafana's only from afar.
"""

import json
import math
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from deploy.grafana.dashboards import files

VARIABLES = {"$__rate_interval": "1m", "$__range": "10m", "$window": "30d", "$__interval": "15s"}
SHOWN_S, STEPS = 600, 120
COLUMNS, CELL_INCHES = 24, (0.78, 0.36)
GAP = 0.35
"""Between panels, in cells."""
BACKGROUND, PANEL, TEXT, FAINT = "#111217", "#181b1f", "#d8d9da", "#8e8f93"
COLOURS = ("#73bf69", "#f2cc0c", "#8ab8ff", "#ff780a", "#f2495c", "#b877d9", "#5794f2", "#fade2a", "#ca95e5", "#c0d8ff")
LEGENDS = 6
"""Series that are named below a panel; more would not be read."""
MARGINS = {"timeseries": 0.05, "heatmap": 0.05, "bargauge": 0.115}
"""Room for the names left of a course or of bars, as a share of the picture's width."""
MARGIN_RIGHT = 0.012
A_PERCENT = 0.01
"""Shares below it are told with one digit more."""

Panel = Mapping[str, Any]


class Series(NamedTuple):
    """One line of a panel."""

    name: str
    times: Sequence[float]
    values: Sequence[float]


def draw(board: Mapping[str, Any], prometheus: str) -> Figure:
    """The dashboard as it is now."""
    height = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in board["panels"])
    figure = Figure(figsize=(COLUMNS * CELL_INCHES[0], (height + 2) * CELL_INCHES[1]), facecolor=BACKGROUND)
    figure.text(0.008, 1 - 1.2 / (height + 2), board["title"], color=TEXT, fontsize=15, weight="bold")
    for panel in board["panels"]:
        _draw(figure, panel, height + 2, prometheus)
    return figure


def _draw(figure: Figure, panel: Panel, rows: int, prometheus: str) -> None:
    place = panel["gridPos"]
    top = 1 - (place["y"] + 2) / rows
    if panel["type"] == "row":
        figure.text(0.008, top - 0.75 / rows, f"▾ {panel['title']}", color=TEXT, fontsize=11)
        return
    left, width = (place["x"] + GAP / 2) / COLUMNS, (place["w"] - GAP) / COLUMNS
    bottom, height = top - (place["h"] - GAP / 2) / rows, (place["h"] - GAP) / rows
    frame = figure.add_axes((left, bottom, width, height), facecolor=PANEL, xticks=[], yticks=[])
    frame.spines[:].set_color("#2c3235")
    frame.text(
        0.01, 1 - 0.25 / (height * rows), panel["title"], color=TEXT, fontsize=9, va="top", transform=frame.transAxes
    )
    series = [one for target in panel["targets"] for one in _asked(prometheus, target)]
    if panel["type"] == "stat":
        _number(frame, series, panel)
        return
    names = MARGINS[panel["type"]]
    inside = (left + names, bottom + 2.2 / rows, width - names - MARGIN_RIGHT, height - 3.4 / rows)
    axes = figure.add_axes(inside, facecolor=PANEL)
    _styled(axes)
    if not any(one.values for one in series):
        axes.set(xticks=[], yticks=[])
        axes.text(0.5, 0.5, "nothing yet", color=FAINT, fontsize=8, ha="center", transform=axes.transAxes)
        return
    {"bargauge": _bars, "heatmap": _heat, "timeseries": _lines}[panel["type"]](axes, series, panel)
    if panel["type"] == "timeseries":
        _named(figure, axes, (left + 0.25 / COLUMNS, bottom + 1.25 / rows))


def _asked(prometheus: str, target: Mapping[str, Any]) -> list[Series]:
    expression = target["expr"]
    for variable, value in VARIABLES.items():
        expression = expression.replace(variable, value)
    now = time.time()
    asked = {"query": expression, "start": now - SHOWN_S, "end": now, "step": SHOWN_S / STEPS}
    with urllib.request.urlopen(f"{prometheus}/api/v1/query_range?{urllib.parse.urlencode(asked)}") as answer:  # noqa: S310
        found = json.load(answer)["data"]["result"]
    return [_series(target.get("legendFormat", ""), each) for each in found]


def _series(legend: str, found: Mapping[str, Any]) -> Series:
    name = legend
    for label, value in found["metric"].items():
        name = name.replace(f"{{{{{label}}}}}", value)
    points = [(float(at), float(value)) for at, value in found["values"] if math.isfinite(float(value))]
    return Series(name, [at for at, _ in points], [value for _, value in points])


def _styled(axes: Axes) -> None:
    axes.spines[:].set_visible(False)
    axes.tick_params(colors=FAINT, labelsize=6.5, length=0)
    axes.grid(color="#2c3235", linewidth=0.5)


def _lines(axes: Axes, series: Sequence[Series], panel: Panel) -> None:
    now = time.time()
    for place, one in enumerate(series):
        minutes = [(at - now) / 60 for at in one.times]
        axes.plot(minutes, one.values, color=COLOURS[place % len(COLOURS)], linewidth=1, label=one.name)
    _timed(axes)
    axes.set_ylim(bottom=panel["fieldConfig"]["defaults"].get("min"))
    if not any(value for one in series for value in one.values):
        axes.set_ylim(0, 1)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=_unit(panel) == "short" and _is_whole(series)))
    axes.yaxis.set_major_formatter(lambda value, _: told(value, _unit(panel)))


def _timed(axes: Axes) -> None:
    axes.xaxis.set_major_locator(MaxNLocator(max(2, round(axes.get_position().width * 20)), integer=True))
    axes.xaxis.set_major_formatter(lambda minutes, _: f"{minutes:g} min")


def _is_whole(series: Sequence[Series]) -> bool:
    return all(value.is_integer() for one in series for value in one.values)


def _named(figure: Figure, axes: Axes, corner: tuple[float, float]) -> None:
    """The legend, from the panel's left edge on: the names of series may be long."""
    handles, names = axes.get_legend_handles_labels()
    more = f"  and {len(names) - LEGENDS} more" if len(names) > LEGENDS else ""
    shown = [*names[: LEGENDS - 1], f"{names[LEGENDS - 1]}{more}"] if more else names
    look: dict[str, Any] = {"fontsize": 6, "labelcolor": FAINT, "frameon": False, "handlelength": 1}
    place: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": corner, "bbox_transform": figure.transFigure}
    axes.legend(handles[:LEGENDS], shown, ncols=3, borderaxespad=0, columnspacing=1, **place, **look)


def _heat(axes: Axes, series: Sequence[Series], panel: Panel) -> None:
    """A row a bucket, the brighter the more fell into it: a histogram's buckets hold all below them too."""
    buckets = sorted(series, key=lambda one: float(one.name))
    times = sorted({at for one in buckets for at in one.times})
    upto = [[dict(zip(one.times, one.values, strict=True)).get(at, 0.0) for at in times] for one in buckets]
    held = [
        upto[0],
        *([max(high - low, 0) for low, high in zip(below, row, strict=True)] for below, row in pairwise(upto)),
    ]
    now = time.time()
    edges = ((times[0] - now) / 60, (times[-1] - now) / 60, -0.5, len(buckets) - 0.5)
    axes.imshow(held, origin="lower", aspect="auto", cmap="inferno", extent=edges, interpolation="nearest")
    axes.grid(visible=False)
    axes.set_yticks(range(len(buckets)), [_bucket(one.name, panel) for one in buckets], fontsize=5)
    _timed(axes)


def _bucket(bound: str, panel: Panel) -> str:
    return "more" if bound == "+Inf" else told(float(bound), _unit(panel))


def _bars(axes: Axes, series: Sequence[Series], panel: Panel) -> None:
    shown = [one for one in series if one.values][:10][::-1]
    values = [one.values[-1] for one in shown]
    axes.barh([one.name for one in shown], values, color=COLOURS[6], height=0.7)
    axes.set_axisbelow(True)
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(lambda value, _: told(value, _unit(panel)))
    for row, value in enumerate(values):
        side = "left" if value >= 0 else "right"
        axes.text(0, row, f" {told(value, _unit(panel))} ", color="white", fontsize=6.5, va="center", ha=side)


def _number(frame: Axes, series: Sequence[Series], panel: Panel) -> None:
    last = next((one.values[-1] for one in series if one.values), None)
    shown = "–" if last is None else told(last, _unit(panel))
    colour = _colour(last, panel["fieldConfig"]["defaults"].get("thresholds", {}).get("steps", ()))
    frame.text(0.5, 0.42, shown, color=colour, fontsize=17, ha="center", va="center", transform=frame.transAxes)


def _colour(value: float | None, steps: Sequence[Mapping[str, Any]]) -> str:
    named = {"green": COLOURS[0], "red": COLOURS[4], "blue": COLOURS[6]}
    colour = TEXT
    for step in steps:
        if value is not None and (step.get("value") is None or value >= step["value"]):
            colour = named.get(step["color"], TEXT)
    return colour


def _unit(panel: Panel) -> str:
    unit: str = panel["fieldConfig"]["defaults"]["unit"]
    return unit


def told(value: float, unit: str) -> str:
    """A value as Grafana would write it, about."""
    if unit == "percentunit":
        return f"{value:.1%}" if value == 0 or abs(value) >= A_PERCENT else f"{value:.2%}"
    if unit == "dateTimeAsIso":
        return datetime.fromtimestamp(value / 1000, UTC).strftime("%Y-%m-%d")
    if unit == "s":
        return f"{value * 1000:.3g} ms" if abs(value) < 1 else f"{value:.3g} s"
    suffix = {"currencyDKK": " kr", "percent": " %", "bytes": ""}.get(
        unit, f" {unit.removeprefix('suffix:').strip()}".rstrip()
    )
    suffix = "" if unit == "short" else suffix
    letters = (" GB", " MB", " kB") if unit == "bytes" else (" bn", " m", " k")
    for size, letter in zip((1e9, 1e6, 1e3), letters, strict=True):
        if abs(value) >= size:
            return f"{value / size:.3g}{letter}{suffix}"
    return f"{value:.0f}{suffix}" if unit.endswith("records") else f"{value:.3g}{suffix}"


def main(prometheus: str, folder: Path) -> None:
    """One picture a dashboard."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        draw(json.loads(content), prometheus).savefig(folder / f"{Path(name).stem}.png", dpi=72, facecolor=BACKGROUND)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

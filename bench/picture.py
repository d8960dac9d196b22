"""The picture of a comparison: events a second of each program, every run as a dot, the median as a bar."""

from pathlib import Path

import click
import matplotlib as mpl
import msgspec
from matplotlib.figure import Figure

from bench.results import TITLES, WORKER, Results

OWN, OTHER, DOT, TEXT = "#1d5c63", "#b9c4c9", "#16262b", "#33454b"


def draw(found: Results, path: Path) -> None:
    """Write it as SVG; the same results give the same bytes."""
    with mpl.rc_context({"svg.hashsalt": "bench", "font.size": 10, "font.family": "sans-serif"}):
        figure = Figure(figsize=(8, 0.7 + 0.55 * len(found.programs)), layout="constrained")
        axes = figure.subplots()
        names = list(reversed(found.programs))
        for place, name in enumerate(names):
            rates = found.programs[name].events_per_s
            axes.barh(place, rates.median, height=0.6, color=OWN if name == WORKER else OTHER)
            axes.plot(rates.runs, [place] * len(rates.runs), "o", markersize=3.5, color=DOT)
            axes.annotate(
                f"{rates.median:,.0f}", (rates.highest, place), (8, 0), textcoords="offset points", va="center"
            )
        axes.set_yticks(range(len(names)), [TITLES[name] for name in names])
        axes.set_xlabel(f"events per second; {found.machine}, {found.taken_at[:10]}", color=TEXT)
        axes.margins(x=0.12)
        axes.set_xlim(left=0)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(axis="y", length=0)
        figure.savefig(path, format="svg", metadata={"Date": None})


@click.command()
@click.option("--results", "source", type=click.Path(path_type=Path), default=Path("bench/results.json"))
@click.option("--out", type=click.Path(path_type=Path), default=Path("docs/images/performance.svg"))
def main(source: Path, out: Path) -> None:
    """Draw the picture of docs/performance.md from results.json."""
    draw(msgspec.json.decode(source.read_bytes(), type=Results), out)


if __name__ == "__main__":
    main()

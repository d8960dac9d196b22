"""The dashboards and their files; run as a program it writes them, and a test compares what is committed."""

from collections.abc import Callable, Mapping
from pathlib import Path

from grafana_foundation_sdk.builders.dashboard import Dashboard
from grafana_foundation_sdk.cog.encoder import JSONEncoder

from deploy.grafana.compliance import compliance
from deploy.grafana.integrators import integrators
from deploy.grafana.overview import overview
from deploy.grafana.pipeline import pipeline

FOLDER = Path(__file__).with_name("boards")
DASHBOARDS: Mapping[str, Callable[[], Dashboard]] = {
    "overview": overview,
    "pipeline": pipeline,
    "compliance": compliance,
    "integrators": integrators,
}


def files() -> dict[str, str]:
    """Name of a file → its content, the panels numbered in their order."""
    return {f"{name}.json": _written(make()) for name, make in DASHBOARDS.items()}


def _written(made: Dashboard) -> str:
    board = made.build()
    for number, panel in enumerate(board.panels or [], start=1):
        panel.id_val = number
    return JSONEncoder(sort_keys=True, indent=2, ensure_ascii=False).encode(board) + "\n"


def main() -> None:
    """Write all of them."""
    for name, content in files().items():
        (FOLDER / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()

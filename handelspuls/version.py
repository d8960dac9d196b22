"""Which version of the service this is."""

import tomllib
from pathlib import Path

from sinks import metrics

PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"


def own_version() -> str:
    """The version that pyproject states: the service runs from its checkout."""
    version: str = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["version"]
    return version


def show_version() -> None:
    """Tell it in the metrics."""
    metrics.RELEASE.labels(own_version()).set(1)

"""A unit's month as a page that prints well on paper, and the list of all of them; no scripts, nothing fetched."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models.tally.report import UnitReport, Unranked
from sinks.reports.texts import TEXTS, counts, text
from sinks.web import format as shown
from sinks.web.language import Language
from sinks.web.words import Words

LEVELS = ("municipality", "department", "area", "institution", "unassigned")
UNRANKED = {
    Unranked.EMPTY: "empty",
    Unranked.FEW: "few",
    Unranked.REVIEW: "review",
    Unranked.COVERAGE: "low_coverage",
}


class Pages:
    """The pages in one language."""

    def __init__(self, *, language: Language) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
        )
        self._environment.globals |= _globals(language)

    def of_unit(self, report: UnitReport) -> str:
        """One unit's page."""
        return self._environment.get_template("unit.html").render(report=report, head=report.headline)

    def of_all(self, made: Sequence[UnitReport], *, sheet: str) -> str:
        """The list, level by level from the top, best first."""
        best_first = sorted(made, key=lambda one: (-(one.headline.value or 0.0), one.name))
        levels = [(level, [one for one in best_first if one.level == level]) for level in LEVELS]
        return self._environment.get_template("index.html").render(
            levels=[(level, units) for level, units in levels if units], first=made[0], sheet=sheet
        )


def file_of(unit: str) -> str:
    """The file's name: any id is safe in it."""
    return f"{quote(unit, safe='').replace('.', '%2E')}.html"


def link_to(unit: str) -> str:
    """The file's name as an address."""
    return quote(file_of(unit))


def _globals(language: Language) -> dict[str, object]:
    words = Words(language=language, reasons={})
    formats: dict[str, Callable[..., str]] = {
        name: partial(_in(getattr(shown, name)), language)
        for name in ("number", "amount", "exact_amount", "percent", "points", "day", "month", "moment")
    }
    return formats | {
        "language": language.value,
        "t": lambda key, *filled: text(key, language, *filled),
        "word": words,
        "name_of": lambda figure: text(figure, language) if figure in TEXTS else words(figure, "figure"),
        "counts": counts,
        "why": lambda reason: text(UNRANKED[reason], language),
        "link_to": link_to,
        "instant": lambda stamp: shown.moment(datetime.fromisoformat(stamp), language),
        "css": lambda fraction: f"{max(0.0, min(1.0, fraction or 0.0)):.2%}",
    }


def _in(function: Callable[..., str]) -> Callable[..., str]:
    """The same function with the language first."""
    return lambda language, value, *more: function(value, language, *more)

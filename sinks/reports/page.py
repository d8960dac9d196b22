"""A unit's month as a page that prints well on paper, and the list of all of them; no scripts, nothing fetched."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models.tally.adjusting import UNITS_CHANGED
from models.tally.report import UnitReport, Unranked
from sinks.reports.texts import counts, name_of, text
from sinks.web import format as shown
from sinks.web.language import Language
from sinks.web.words import Words

LONGEST_LIST = 100
"""Units of one level that are listed for the whole municipality: about three printed pages."""
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

    def of_unit(self, report: UnitReport, *, below: Sequence[UnitReport] = ()) -> str:
        """One unit's page, with what lies directly below it, best first; quiet units are named after the others."""
        trading = [one for one in best_first(below) if one.headline.value is not None]
        quiet = sorted((one for one in below if one.headline.value is None), key=lambda one: one.name)
        return self._environment.get_template("unit.html").render(
            report=report, head=report.headline, below=trading, quiet=quiet
        )

    def of_all(self, made: Sequence[UnitReport], *, sheet: str) -> str:
        """The list, level by level from the top, best first; a level too long for a list is only counted."""
        found = [(level, [one for one in best_first(made) if one.level == level]) for level in LEVELS]
        levels = [(level, units, len(units) <= LONGEST_LIST) for level, units in found if units]
        return self._environment.get_template("index.html").render(levels=levels, first=made[0], sheet=sheet)


def best_first(made: Sequence[UnitReport]) -> list[UnitReport]:
    """The ranked ones by their rate, then those that are shown only."""

    def place(one: UnitReport) -> tuple[bool, float, str]:
        rate = one.headline.value
        return one.peers.rank is None, 1.0 if rate is None else -rate, one.name

    return sorted(made, key=place)


def below_each(made: Sequence[UnitReport]) -> dict[str, list[UnitReport]]:
    """What lies directly below each unit."""
    below: dict[str, list[UnitReport]] = {}
    for one in made:
        if one.parent is not None:
            below.setdefault(one.parent, []).append(one)
    return below


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
        "name_of": lambda figure: name_of(figure, language),
        "counts": counts,
        "because": lambda cause: text(cause, language) if cause == UNITS_CHANGED else words(cause, "cause"),
        "why": lambda reason: text(UNRANKED[reason], language),
        "link_to": link_to,
        "instant": lambda stamp: shown.moment(datetime.fromisoformat(stamp), language),
        "css": lambda fraction: f"{max(0.0, min(1.0, fraction or 0.0)):.2%}",
    }


def _in(function: Callable[..., str]) -> Callable[..., str]:
    """The same function with the language first."""
    return lambda language, value, *more: function(value, language, *more)

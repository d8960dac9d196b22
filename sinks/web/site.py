"""What every page and every answer of the API is given: the shared reads, the templates, the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from models.days import day_of
from sinks.web.language import Language
from sinks.web.live import Live
from sinks.web.templating import Templates


class NotThereError(LookupError):
    """What was asked for does not exist; `key` is the text that says so, filled with `name`."""

    def __init__(self, key: str, name: str) -> None:
        super().__init__(f"{key}: {name}")
        self.key = key
        self.name = name


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Site:
    """The dependencies of pages and API."""

    live: Live
    templates: Templates
    language: Language
    stylesheet: str
    ruleset: str
    """As TOML: what judges where no other is active."""
    now: Callable[[], datetime] = _now

    def today(self) -> date:
        return day_of(self.now())

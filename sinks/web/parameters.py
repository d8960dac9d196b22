"""What an address may ask for: parsed once, the same for pages and API, and refused with a sentence."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from models.vocabulary import Channel, Outcome
from sinks.web.language import Language
from sinks.web.links import with_query
from sinks.web.queries.behind import Figure, Part, Side, side_of
from sinks.web.queries.figures import DEFAULT_WINDOW, Snapshot, empty_window
from sinks.web.queries.league import DEFAULT_MINIMUM, Sort
from sinks.web.queries.matching import Basis, Wanted
from sinks.web.queries.purchases import Order
from sinks.web.queries.rejections import RefusalWanted
from sinks.web.queries.search import Search


class WindowName(StrEnum):
    """The rolling windows."""

    DAY = "day"
    WEEK = "7d"
    DAYS_30 = "30d"
    MONTH = "month"
    YEAR = "year"
    MONTHS_12 = "12m"


class Level(StrEnum):
    """The levels of units that are compared."""

    DEPARTMENT = "department"
    AREA = "area"
    INSTITUTION = "institution"


class Direction(StrEnum):
    """Which way a table is sorted."""

    ASCENDING = "ascending"
    DESCENDING = "descending"


def _blank_is_none(value: Any) -> Any:
    return None if value == "" else value


Id = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^[^\x00-\x1f\x7f]+$")]
PageNumber = Annotated[int, Field(ge=1, le=10_000)]


OptionalId = Annotated[Id | None, BeforeValidator(_blank_is_none)]
Day = Annotated[date | None, BeforeValidator(_blank_is_none)]


COUNTING = ("outcome", "base", "channel", "avoidable", "rule", "shadow_rule", "basis")
"""The filters of purchases that say what of them counts."""


class Parameters(BaseModel):
    """What all have in common: pages ignore unknown parameters, as links from elsewhere carry them; the API does not."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    def kept(self) -> dict[str, Any]:
        """The parameters that differ from their defaults, as they stand in an address."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)

    def address(self, path: str = "") -> str:
        """The same question has the same address."""
        return with_query(path, self.kept())


class UnitParameters(Parameters):
    window: WindowName = WindowName(DEFAULT_WINDOW)


class LeagueParameters(Parameters):
    level: Level = Level.DEPARTMENT
    window: WindowName = WindowName(DEFAULT_WINDOW)
    sort: Sort = Sort.RATE
    direction: Direction = Direction.DESCENDING
    minimum: int = Field(default=DEFAULT_MINIMUM, ge=0, le=1_000_000)
    page: PageNumber = 1


class PurchaseParameters(Parameters):
    unit: OptionalId = None
    window: Annotated[WindowName | None, BeforeValidator(_blank_is_none)] = None
    first: Day = Field(default=None, alias="from")
    last: Day = Field(default=None, alias="to")
    outcome: Annotated[Outcome | None, BeforeValidator(_blank_is_none)] = None
    base: bool = False
    channel: Annotated[Channel | None, BeforeValidator(_blank_is_none)] = None
    avoidable: Annotated[bool | None, BeforeValidator(_blank_is_none)] = None
    supplier: OptionalId = None
    reason: OptionalId = None
    rule: OptionalId = None
    shadow_rule: OptionalId = None
    search: OptionalId = None
    basis: Basis = Basis.AMOUNT
    part: Part = Part.NUMERATOR
    figure: Annotated[Figure | None, BeforeValidator(_blank_is_none)] = None
    order: Order = Order.AMOUNT
    page: PageNumber = 1

    @field_validator("figure")
    @classmethod
    def _asks_one_thing(cls, figure: Figure | None, info: ValidationInfo) -> Figure | None:
        """A figure says by itself what counts, so nothing else in the address may say it otherwise."""
        if figure is None:
            return None
        others = [name for name in COUNTING if info.data.get(name) != cls.model_fields[name].default]
        if others:
            raise PydanticCustomError("counts_twice", f"It says what counts: leave {', '.join(others)} out.")
        part = info.data.get("part", Part.NUMERATOR)
        if side_of(figure, part) is None:
            raise PydanticCustomError("nothing_behind", f"No purchases stand behind the {part} of {figure}.")
        return figure

    @property
    def side(self) -> Side | None:
        """The side of the figure that is asked for."""
        return None if self.figure is None else side_of(self.figure, self.part)

    def wanted(self, snapshot: Snapshot | None, *, today: date, search: Search | None) -> Wanted:
        """With a window, the days are those of the unit's figures, so that list and figure agree."""
        window = None
        if self.window is not None:
            window = snapshot.window(self.window) if snapshot else empty_window(self.window, today)
        return Wanted(
            unit=self.unit,
            first=self.first or (window.first if window else None),
            last=self.last or (window.last if window else None),
            outcome=self.outcome,
            base=self.base,
            channel=self.channel,
            avoidable=self.avoidable,
            supplier=self.supplier,
            reason=self.reason,
            rule=self.rule,
            shadow_rule=self.shadow_rule,
            search=search,
            basis=self.basis,
            side=self.side,
        )


class DoubleParameters(Parameters):
    unit: OptionalId = None
    window: WindowName = WindowName.MONTHS_12
    page: PageNumber = 1


class ReviewParameters(Parameters):
    unit: OptionalId = None
    page: PageNumber = 1


class RefusalParameters(Parameters):
    code: OptionalId = None
    source: Annotated[str, StringConstraints(max_length=400, pattern=r"^[^\x00-\x1f\x7f]*$")] | None = None
    page: PageNumber = 1

    def wanted(self) -> RefusalWanted:
        return RefusalWanted(code=self.code, source=self.source)


class Output(Parameters):
    """How the API answers: JSON, or a table as CSV, for a program or in a language's words and manner."""

    format: Literal["json", "csv"] = "json"
    language: Language | None = None

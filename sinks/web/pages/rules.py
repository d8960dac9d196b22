"""The rules in words, what they decided, how they came to hold, and the shadow beside them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from models.rules.ruleset import Ruleset
from sinks.web.pages.shell import Page, Section, Visit, show
from sinks.web.queries.rules import (
    HIT_DAYS,
    Activation,
    RuleLine,
    ShadowMove,
    read_held,
    read_rules,
    read_shadow_moves,
)
from sinks.web.site import Site


@dataclass(frozen=True)
class RulesView:
    """All of the page, as of a moment."""

    ruleset: Ruleset
    rules: list[RuleLine]
    activations: tuple[Activation, ...]
    shadow: Ruleset | None
    moves: list[ShadowMove]
    as_of: datetime
    first: date
    """The first of the days whose hits are counted."""
    days: int = HIT_DAYS

    @property
    def idle(self) -> list[RuleLine]:
        """The rules without a hit."""
        return [each for each in self.rules if each.is_idle]


def gather_rules(connection: Connection, *, default: str, today: date, now: datetime) -> RulesView:
    held = read_held(connection, default=default)
    moves = read_shadow_moves(connection, ruleset=held.shadow, today=today) if held.shadow else []
    return RulesView(
        ruleset=held.ruleset,
        rules=read_rules(connection, ruleset=held.ruleset, today=today),
        activations=held.activations,
        shadow=held.shadow,
        moves=moves,
        as_of=now,
        first=today - timedelta(days=HIT_DAYS - 1),
    )


async def show_rules(site: Site, visit: Visit) -> None:
    page: Page[RulesView] = Page(
        place="/rules",
        gather=lambda connection: gather_rules(connection, default=site.ruleset, today=site.today(), now=site.now()),
        sections=[Section("rules", above="rules.html", spaced=False)],
        title=lambda _: site.templates.text(visit.language)("rules"),
    )
    await show(site, visit, page)

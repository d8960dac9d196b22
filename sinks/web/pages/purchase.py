"""One purchase: what it was judged to be, on what, every revision, and what would have made it catalogue e-trade."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from models.judgement import JudgedLine
from models.rules.advice import Advice
from models.rules.ruleset import Ruleset
from sinks.web.pages.shell import Page, Section, Visit, show
from sinks.web.queries.advice import LineAdvice, read_advice
from sinks.web.queries.doubles import Double, read_doubles_of
from sinks.web.queries.history import History, read_history
from sinks.web.queries.quoted import Holder, QuotedRow, read_holders, read_quoted
from sinks.web.queries.rules import read_held
from sinks.web.queries.tree import Unit, read_tree
from sinks.web.site import NotThereError, Site


@dataclass(frozen=True)
class PurchaseView:
    """A purchase with all its revisions and what they rest on."""

    history: History
    path: list[Unit]
    ruleset: Ruleset
    quoted: Mapping[str, QuotedRow] = field(default_factory=dict)
    holders: Mapping[str, Holder] = field(default_factory=dict)
    """By line: what made an off-channel line avoidable."""
    advice: Mapping[str, LineAdvice] = field(default_factory=dict)
    doubles: list[Double] = field(default_factory=list)

    @property
    def advised(self) -> list[tuple[list[JudgedLine], tuple[Advice, ...]]]:
        """Lines of which the same can be said, together."""
        together: dict[tuple[Advice, ...], list[JudgedLine]] = {}
        for line in self.history.newest.judgement.lines:
            if line.line in self.advice:
                together.setdefault(self.advice[line.line].rules, []).append(line)
        return [(lines, rules) for rules, lines in together.items()]

    @property
    def amount_ore(self) -> int:
        return sum(self.history.newest.judgement.amounts_ore.values())


def gather_purchase(connection: Connection, *, purchase: str, default: str, today: date) -> PurchaseView:
    tree = read_tree(connection, today=today)
    history = read_history(connection, tree=tree, purchase=purchase)
    if history is None:
        raise NotThereError("no_such_purchase", purchase)
    judgement = history.newest.judgement
    ruleset = read_held(connection, default=default).ruleset
    return PurchaseView(
        history=history,
        path=tree.path(tree.home(judgement.unit, judgement.root)),
        ruleset=ruleset,
        quoted=read_quoted(connection, (each.judgement for each in history.revisions)),
        holders=read_holders(connection, judgement),
        advice=read_advice(connection, judgement, ruleset=ruleset),
        doubles=read_doubles_of(connection, tree=tree, purchase=purchase),
    )


async def show_purchase(site: Site, visit: Visit, *, purchase: str) -> None:
    words = site.templates.word(visit.language)
    page: Page[PurchaseView] = Page(
        place="/purchases",
        gather=lambda connection: gather_purchase(
            connection, purchase=purchase, default=site.ruleset, today=site.today()
        ),
        sections=[Section("purchase", above="purchase.html", spaced=False)],
        title=lambda view: (
            f"{words(view.history.newest.judgement.kind, 'kind')} {view.history.newest.judgement.number}"
        ),
    )
    await show(site, visit, page)

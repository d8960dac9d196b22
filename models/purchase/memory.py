"""All rows in memory: the same life cycle as the stream's, without a stream; what `judge` and the tests use."""

from collections.abc import Callable, Iterator

from models.facts import AnyFact
from models.judgement import Judgement
from models.measures import ZERO
from models.purchase.assessing import Basis
from models.purchase.lifecycle import Moment, Step, judged_again, received
from models.purchase.row import EMPTY, Row
from models.tally.contribution import add
from models.vocabulary import Disposition


class Rows:
    """Rows by number, and the cells that their purchases add up to."""

    def __init__(self, basis: Basis) -> None:
        self.basis = basis
        self.rows: dict[str, Row] = {}
        self.cells: dict[str, list[int]] = {}
        self.buyers: dict[str, dict[str, int]] = {}
        """By cell who bought how often."""
        self.told: list[Judgement] = []
        """Every revision, as subscribers get them."""

    def receive(self, fact: AnyFact, *, kind: str, moment: Moment) -> Disposition:
        """Take a fact, and all that it sends to other rows."""
        step = received(self.rows.get(fact.number, EMPTY), fact, kind=kind, basis=self.basis, moment=moment)
        self._apply(fact.number, step)
        for sent in step.sends:
            self.receive(sent, kind=kind, moment=moment)
        return step.disposition

    def rebase(self, basis: Basis, *, moment: Moment) -> None:
        """Judge everything again on another basis."""
        self.basis = basis
        for number in list(self.rows):
            step = judged_again(self.rows[number], basis=basis, moment=moment)
            self._apply(number, step)
            for sent in step.sends:
                self.receive(sent, kind="reference.changed", moment=moment)

    def judgements(self, keep: Callable[[Judgement], bool] = lambda _judgement: True) -> Iterator[Judgement]:
        """The last judgement of every purchase, by number."""
        for number in sorted(self.rows):
            for published in self.rows[number].published.values():
                if keep(published.judgement):
                    yield published.judgement

    def _apply(self, number: str, step: Step) -> None:
        self.rows[number] = step.row
        self.told += step.judgements
        for name, measures in step.change.items():
            add(self.cells.setdefault(name, list(ZERO)), self.buyers.setdefault(name, {}), measures)

"""A row's facts as a basis shows them: by kind, with their parties, papers placed and purchases grouped."""

from collections.abc import Mapping

from models.facts import AnyFact
from models.purchase.assessing import Basis
from models.purchase.groups import Groups
from models.purchase.home import told, told_by_reference
from models.purchase.invoices import attach, credited, paper_groups
from models.purchase.kinds import kinds_of
from models.purchase.orders import order_groups
from models.purchase.papers import whereabouts
from models.purchase.parties import parties_by
from models.purchase.row import Kept


class Known:
    """What the row of a number knows, worked out once for all that is asked of it."""

    def __init__(self, number: str, facts: Mapping[str, Kept], basis: Basis) -> None:
        self.number = number
        self.kinds = kinds_of(facts)
        self._parties_of = parties_by(basis.snapshot, basis.judge)
        self._papers = whereabouts(self.kinds.words, self._parties_of) if self.kinds.words else {}

    def groups(self) -> Groups:
        """All purchases among the facts."""
        orders, waiting = order_groups(self.kinds, self._parties_of)
        if not self._papers:
            return Groups(orders, [], [], waiting)
        invoices, notes = paper_groups(self.kinds, self._papers)
        for invoice in invoices:
            attach(invoice, orders)
        refunds = [note for note in notes if not credited(note, orders, invoices)]
        return Groups(orders, invoices, refunds, waiting)

    def told(self) -> list[AnyFact]:
        """Everything that the row has to tell other rows."""
        return told(self.number, self.kinds, self._papers, self._parties_of)

    def told_by_reference(self) -> list[AnyFact]:
        """The part of it that another reference may change."""
        return told_by_reference(self.number, self.kinds, self._papers, self._parties_of)

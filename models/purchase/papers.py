"""Papers, that is invoices and credit notes: in which row each of them stands, as far as a row can know.

The row of a paper's own number is its home. A paper belongs into the row of the order, else of the invoice, that it
names; where its sources or its versions disagree, the newest word of the leading source that names anything decides. A
credit note that names an invoice only goes where that invoice stands.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TypeVar

import msgspec

from models.facts import DOCUMENT, Content, CreditNote, Invoice, PaperName, Placement
from models.purchase.clusters import Member, clustered, leaders
from models.purchase.kinds import Word
from models.purchase.parties import PartiesOf, same_parties
from models.reference.identifiers import comparable

Paper = Invoice | CreditNote
T = TypeVar("T")
_NO_CONTENT = Content((), (), ())


class Whereabouts(msgspec.Struct):
    """One paper, whoever sent it: the newest word of each source, the leading one first, and the row it stands in."""

    heads: list[Member[Word]]
    row: str

    @property
    def lead(self) -> Member[Word]:
        return self.heads[0]

    @property
    def says(self) -> Word:
        """The word that says what the paper belongs to."""
        return says(head.fact for head in self.heads)


def word_of(word: Word) -> tuple[str, str, str, str, str, date]:
    """Of two words with this in common the newer one counts: source, name, stated supplier, buyer of a document, day."""
    holder = word if isinstance(word, Placement) else word.content
    supplier = comparable(holder.suppliers[0]) if holder.suppliers else ""
    buyer = comparable(holder.units[0]) if holder.units and word.source == DOCUMENT else ""
    return (word.source, *word.name, supplier, buyer, word.issued_on)


def row_of(word: Word) -> str:
    """The row that the word itself puts the paper into."""
    return word.order_named or word.invoice_named or word.name[1]


def says(heads: Iterable[Word]) -> Word:
    """The first that names an order or an invoice, else the first."""
    known = list(heads)
    return next((head for head in known if head.order_named or head.invoice_named), known[0])


def whereabouts(words: Sequence[Word], parties_of: PartiesOf) -> dict[PaperName, list[Whereabouts]]:
    """Every paper of which something is known here."""
    if len(words) == 1:
        (word,) = words
        return {word.name: [Whereabouts([member(word, parties_of)], row_of(word))]}
    in_time = sorted(words, key=lambda word: (word.stamp, not isinstance(word, Placement)))
    newest = {word_of(word): word for word in in_time}
    named: dict[PaperName, list[Member[Word]]] = {}
    for word in newest.values():
        named.setdefault(word.name, []).append(member(word, parties_of))
    found = {name: [_placed(cluster) for cluster in clustered(named[name])] for name in named}
    for paper in [each for papers in found.values() for each in papers]:
        paper.row = _followed(paper, found)
    return found


def member(word: Word, parties_of: PartiesOf) -> Member[Word]:
    """A word among others of its paper."""
    return Member(
        fact=word,
        number=word.name[1],
        source=word.source,
        day=word.issued_on,
        parties=parties_of(word),
        content=_NO_CONTENT if isinstance(word, Placement) else word.content,
        conflict=False,
        stamp=word.stamp,
    )


def _placed(cluster: Sequence[Member[Word]]) -> Whereabouts:
    heads = leaders(cluster)
    return Whereabouts(heads, row_of(says(head.fact for head in heads)))


def _followed(paper: Whereabouts, found: dict[PaperName, list[Whereabouts]]) -> str:
    """The row of the invoice that a credit note names without an order; else the paper's own."""
    word = paper.says
    invoice = word.invoice_named
    if invoice is None or word.order_named is not None:
        return paper.row
    named = [
        each
        for each in found.get(("invoice", invoice), [])
        if is_invoice(each.lead.fact) and same_parties(each.lead.parties, paper.lead.parties)
    ]
    credited = nearest(named, paper.lead.day, lambda each: each.lead.day)
    return credited.row if credited is not None else paper.row


def is_invoice(word: Word) -> bool:
    """Is it an invoice that asks for money?"""
    return word.name[0] == "invoice" and (isinstance(word, Invoice) or not word.below_zero)


def nearest(papers: Sequence[T], day: date, day_of: Callable[[T], date]) -> T | None:
    """The newest on or before the day, else the newest of all."""
    before = [each for each in papers if day_of(each) <= day]
    return max(before or papers, key=day_of, default=None)

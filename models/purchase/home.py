"""What a row has to tell other rows, so that each of them knows where a paper stands, and has it if it stands there.

A pure function of the row's facts. All of it is idempotent by identity and stamp, so that sending it again changes
nothing; a row sends what its new facts have to tell and its old ones had not.
"""

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from models.contract.purchase_id import number_of
from models.facts import AnyFact, Cancellation, Decision, Placement
from models.purchase.clusters import Member
from models.purchase.papers import (
    Name,
    Paper,
    PartiesOf,
    Whereabouts,
    Word,
    invoice_of,
    is_word,
    member,
    name_of,
    order_of,
    row_of,
    whereabouts,
)
from models.purchase.parties import same_parties


def told(facts: Sequence[AnyFact], parties_of: PartiesOf) -> list[AnyFact]:
    """Everything that the row of these facts has to tell others."""
    homes = _to_homes(facts[0].number, facts) if facts else ()
    return list(dict.fromkeys((*homes, *told_by_reference(facts, parties_of))))


def told_by_reference(facts: Sequence[AnyFact], parties_of: PartiesOf) -> list[AnyFact]:
    """The part of it that another reference may change, by what it knows of units and suppliers."""
    words = [fact for fact in facts if is_word(fact)]
    if not words:
        return []
    row = facts[0].number
    papers = whereabouts(words, parties_of)
    said = [
        *_from_home(row, words, facts, parties_of),
        *_passed_on(row, papers),
        *_followed_up(row, words, facts),
    ]
    return list(dict.fromkeys(said))


def _to_homes(row: str, facts: Sequence[AnyFact]) -> Iterator[AnyFact]:
    """A paper's home hears where it was put and that it is cancelled."""
    for fact in facts:
        if isinstance(fact, Cancellation):
            if fact.of != "order" and fact.cancelled != row:
                yield replace(fact, number=fact.cancelled)
        elif isinstance(fact, Paper) and row_of(fact) == row != name_of(fact)[1]:
            yield _placement(fact, name_of(fact)[1])


def _from_home(row: str, words: Sequence[Word], facts: Sequence[AnyFact], parties_of: PartiesOf) -> Iterator[AnyFact]:
    """Every row that a paper was ever put into hears from its home of the other rows, and what else is said of it."""
    own = [member(word, parties_of) for word in words if name_of(word)[1] == row]
    for kin in _kin(own):
        rows = {row_of(each.fact) for each in kin} - {row}
        about = _about({name_of(each.fact) for each in kin}, facts) if rows else []
        for other in sorted(rows):
            yield from (_placement(each.fact, other) for each in kin if row_of(each.fact) != other)
            yield from (replace(fact, number=other) for fact in about)


def _passed_on(row: str, papers: dict[Name, list[Whereabouts]]) -> Iterator[AnyFact]:
    """A paper that stands elsewhere goes there."""
    for paper in _all(papers):
        if paper.row != row:
            yield from (replace(head.fact, number=paper.row) for head in paper.heads if isinstance(head.fact, Paper))


def _followed_up(row: str, words: Sequence[Word], facts: Sequence[AnyFact]) -> Iterator[AnyFact]:
    """Where credit notes may have followed their invoice from here, it is heard what else is said of them."""
    rows = {row_of(each) for each in words if name_of(each) == ("invoice", row)} - {row}
    if not rows:
        return
    notes = {name_of(each) for each in words if row_of(each) == row == invoice_of(each)}
    about = [each for each in words if isinstance(each, Placement) and name_of(each) in notes]
    about_notes = [*about, *_about({name for name in notes if name[1] != row}, facts)]
    for other in sorted(rows):
        yield from (replace(each, number=other) for each in about_notes)


def _placement(word: Word, row: str) -> Placement:
    if isinstance(word, Placement):
        return replace(word, number=row)
    of, paper = name_of(word)
    return Placement(
        source=word.source,
        number=row,
        stamp=word.stamp,
        of=of,
        paper=paper,
        issued_on=word.issued_on,
        units=word.content.units,
        suppliers=word.content.suppliers,
        order=order_of(word),
        invoice=invoice_of(word),
        account=word.content.account,
        below_zero=getattr(word, "below_zero", False),
    )


def _about(names: set[Name], facts: Sequence[AnyFact]) -> list[AnyFact]:
    """Cancellations of these papers, and the decisions that name a purchase of such a number."""
    numbers = {number for _, number in names}
    return [
        fact
        for fact in facts
        if (isinstance(fact, Cancellation) and (fact.of, fact.cancelled) in names)
        or (isinstance(fact, Decision) and number_of(fact.purchase) in numbers)
    ]


def _kin(members: Iterable[Member[Word]]) -> list[list[Member[Word]]]:
    """Words of one name and the same parties, or with others of the same between them."""
    kin: list[list[Member[Word]]] = []
    for each in members:
        near = [
            group
            for group in kin
            if any(name_of(one.fact) == name_of(each.fact) and same_parties(one.parties, each.parties) for one in group)
        ]
        kin = [group for group in kin if group not in near]
        kin.append([one for group in near for one in group] + [each])
    return kin


def _all(papers: dict[Name, list[Whereabouts]]) -> Iterator[Whereabouts]:
    for several in papers.values():
        yield from several

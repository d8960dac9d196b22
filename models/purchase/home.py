"""What a row has to tell other rows, so that each of them knows where a paper stands, and has it if it stands there.

A pure function of the row's facts. All of it is idempotent by identity and stamp, so that sending it again changes
nothing; a row sends what its new facts have to tell and its old ones had not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from models.contract.purchase_id import number_of
from models.facts import AnyFact, Cancellation, Decision, PaperName, Placement
from models.purchase.clusters import Member
from models.purchase.kinds import Kinds, Word
from models.purchase.papers import Paper, Whereabouts, member, row_of
from models.purchase.parties import PartiesOf, same_parties

Papers = Mapping[PaperName, Sequence[Whereabouts]]


def told(row: str, kinds: Kinds, papers: Papers, parties_of: PartiesOf) -> list[AnyFact]:
    """Everything that the row has to tell others."""
    if len(kinds.words) == 1 and not kinds.ends and not kinds.decisions:
        return _of_one(row, kinds.words[0])
    return _once([*_to_homes(row, kinds), *told_by_reference(row, kinds, papers, parties_of)])


def _of_one(row: str, word: Word) -> list[AnyFact]:
    """The same where nothing else is known: a paper goes where it stands, and its home hears of it."""
    stands, home = row_of(word), word.name[1]
    if isinstance(word, Placement) or stands == row == home:
        return []
    return [_placement(word, home) if stands == row else replace(word, number=stands)]


def told_by_reference(row: str, kinds: Kinds, papers: Papers, parties_of: PartiesOf) -> list[AnyFact]:
    """The part of it that another reference may change, by what it knows of units and suppliers."""
    if not kinds.words:
        return []
    return _once([*_from_home(row, kinds, parties_of), *_passed_on(row, papers), *_followed_up(row, kinds)])


def _once(facts: list[AnyFact]) -> list[AnyFact]:
    return list(dict.fromkeys(facts)) if len(facts) > 1 else facts


def _to_homes(row: str, kinds: Kinds) -> Iterator[AnyFact]:
    """A paper's home hears where it was put and that it is cancelled."""
    for end in kinds.cancellations:
        if end.of != "order" and end.cancelled != row:
            yield replace(end, number=end.cancelled)
    for word in kinds.words:
        home = word.name[1]
        if isinstance(word, Paper) and row_of(word) == row != home:
            yield _placement(word, home)


def _from_home(row: str, kinds: Kinds, parties_of: PartiesOf) -> Iterator[AnyFact]:
    """Every row that a paper was ever put into hears from its home of the other rows, and what else is said of it."""
    if all(row_of(word) == row for word in kinds.words):
        return
    own = [member(word, parties_of) for word in kinds.words if word.name[1] == row]
    for kin in _kin(own):
        rows = {row_of(each.fact) for each in kin} - {row}
        about = _about({each.fact.name for each in kin}, kinds) if rows else []
        for other in sorted(rows):
            yield from (_placement(each.fact, other) for each in kin if row_of(each.fact) != other)
            yield from (replace(fact, number=other) for fact in about)


def _passed_on(row: str, papers: Papers) -> Iterator[AnyFact]:
    """A paper that stands elsewhere goes there."""
    for paper in [each for several in papers.values() for each in several]:
        if paper.row != row:
            yield from (replace(head.fact, number=paper.row) for head in paper.heads if isinstance(head.fact, Paper))


def _followed_up(row: str, kinds: Kinds) -> Iterator[AnyFact]:
    """Where credit notes may have followed their invoice from here, it is heard what else is said of them."""
    rows = {row_of(each) for each in kinds.words if each.name == ("invoice", row)} - {row}
    if not rows:
        return
    notes = {each.name for each in kinds.words if row_of(each) == row == each.invoice_named}
    about = [each for each in kinds.words if isinstance(each, Placement) and each.name in notes]
    about_notes = [*about, *_about({name for name in notes if name[1] != row}, kinds)]
    for other in sorted(rows):
        yield from (replace(each, number=other) for each in about_notes)


def _placement(word: Word, row: str) -> Placement:
    if isinstance(word, Placement):
        return replace(word, number=row)
    of, paper = word.name
    return Placement(
        source=word.source,
        number=row,
        stamp=word.stamp,
        of=of,
        paper=paper,
        issued_on=word.issued_on,
        units=word.content.units,
        suppliers=word.content.suppliers,
        order=word.order_named,
        invoice=word.invoice_named,
        account=word.content.account,
        below_zero=getattr(word, "below_zero", False),
    )


def _about(names: set[PaperName], kinds: Kinds) -> list[Cancellation | Decision]:
    """Cancellations of these papers, and the decisions that name a purchase of such a number."""
    numbers = {number for _, number in names}
    return [
        *(end for end in kinds.cancellations if (end.of, end.cancelled) in names),
        *(decision for decision in kinds.decisions if number_of(decision.purchase) in numbers),
    ]


def _kin(members: Iterable[Member[Word]]) -> list[list[Member[Word]]]:
    """Words of one name and the same parties, or with others of the same between them."""
    kin: list[list[Member[Word]]] = []
    for each in members:
        near = [
            group
            for group in kin
            if any(one.fact.name == each.fact.name and same_parties(one.parties, each.parties) for one in group)
        ]
        kin = [group for group in kin if group not in near]
        kin.append([one for group in near for one in group] + [each])
    return kin

"""One purchase, one count of revisions: how a paper's purchase moves from row to row without two rows telling of it at once.

The home of a paper (the row of its own number) knows the greatest revision that any row has told of its purchase. A row
that is not its home claims the purchase before it tells anything of it, and counts on from what the home hands over; a
row that tells no more of it hands its last revision back.
"""

from collections.abc import Iterable, Iterator, Mapping

from models.contract.purchase_id import number_of
from models.facts import AnyFact, Claim, Handover, Stamp
from models.judgement import Cause, Judgement
from models.purchase.purchases import Purchase
from models.purchase.row import Kept, Published


def handed_over(facts: Mapping[str, Kept]) -> dict[str, int]:
    """The greatest revision that another row has told of a purchase."""
    return {each.fact.purchase: each.fact.revision for each in facts.values() if isinstance(each.fact, Handover)}


def claims(found: Iterable[Purchase], *, row: str, facts: Mapping[str, Kept], event: str) -> list[Claim]:
    """Purchases of papers at home elsewhere whose last revision is not known here yet: they are not told of until it is."""
    known = handed_over(facts)
    return [
        Claim(source=each.source, number=each.number, stamp=Stamp(0, 0, event, ""), purchase=each.id, row=row)
        for each in found
        if each.number != row and each.id not in known
    ]


def handovers(
    *,
    row: str,
    facts: Mapping[str, Kept],
    published: Mapping[str, Published],
    found: Iterable[str],
    revised: Iterable[Judgement],
    fact: AnyFact | None,
    cause: Cause,
) -> Iterator[Handover]:
    """What this row hands over: as a home to who claims, elsewhere back to the home of what is its own no more."""
    told, known, own = {each.purchase for each in revised}, handed_over(facts), set(found)
    news = told | ({fact.purchase} if isinstance(fact, Claim | Handover) else set())
    for each in facts.values():
        claim = each.fact
        if isinstance(claim, Claim) and claim.purchase in news and claim.purchase not in own:
            last = published.get(claim.purchase)
            revision = max(known.get(claim.purchase, 0), last.judgement.revision if last is not None else 0)
            yield _handover(claim.purchase, to=claim.row, revision=revision, source=claim.source, cause=cause)
    for judgement in revised:
        home = number_of(judgement.purchase)
        if judgement.purchase not in own and home != row:
            yield _handover(judgement.purchase, to=home, revision=judgement.revision, source=cause.source, cause=cause)


def _handover(purchase: str, *, to: str, revision: int, source: str, cause: Cause) -> Handover:
    stamp = Stamp(revision, 0, cause.event, "")
    return Handover(source=source, number=to, stamp=stamp, purchase=purchase, revision=revision)

"""One purchase, one count of revisions: how a paper's purchase moves from row to row without two rows telling of it at once.

The home of a paper (the row of its own number) knows the greatest revision that any row has told of its purchase. A row
that is not its home claims the purchase before it tells anything of it, and counts on from what the home hands over; a
row that tells no more of it hands its last revision back.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from models.facts import AnyFact, Claim, Handover, Stamp
from models.judgement import Cause, Judgement
from models.purchase.kinds import Kinds
from models.purchase.purchases import Purchase
from models.purchase.row import Published


def handed_over(kinds: Kinds) -> dict[str, int]:
    """The greatest revision that another row has told of a purchase."""
    return {each.purchase: each.revision for each in kinds.handovers}


def claims(found: Iterable[Purchase], *, row: str, known: Collection[str], event: str) -> list[Claim]:
    """Purchases of papers at home elsewhere whose last revision is not known here yet: they are not told of until it is."""
    return [
        Claim(source=each.source, number=each.number, stamp=Stamp(0, 0, event, ""), purchase=each.id, row=row)
        for each in found
        if each.number != row and each.id not in known
    ]


def handovers(
    *,
    row: str,
    kinds: Kinds,
    published: Mapping[str, Published],
    found: Collection[str],
    revised: Iterable[Judgement],
    fact: AnyFact | None,
    cause: Cause,
) -> Iterator[Handover]:
    """What this row hands over: as a home to who claims, elsewhere back to the home of what is its own no more."""
    if kinds.claims:
        known = handed_over(kinds)
        news = {each.purchase for each in revised} | ({fact.purchase} if isinstance(fact, Claim | Handover) else set())
        for claim in kinds.claims:
            if claim.purchase in news and claim.purchase not in found:
                last = published.get(claim.purchase)
                revision = max(known.get(claim.purchase, 0), last.judgement.revision if last is not None else 0)
                yield _handover(claim.purchase, to=claim.row, revision=revision, source=claim.source, cause=cause)
    for told in revised:
        if told.number != row and told.purchase not in found:
            yield _handover(told.purchase, to=told.number, revision=told.revision, source=cause.source, cause=cause)


def _handover(purchase: str, *, to: str, revision: int, source: str, cause: Cause) -> Handover:
    stamp = Stamp(revision, 0, cause.event, "")
    return Handover(source=source, number=to, stamp=stamp, purchase=purchase, revision=revision)

"""Orders among a row's facts: clustered, changed, cancelled, rejected."""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from models.days import day_of, from_milliseconds
from models.facts import DOCUMENT, AnyFact, Cancellation, Content, Order, OrderChange, Response
from models.purchase.clusters import Member, clustered, filled, leaders
from models.purchase.groups import OrderGroup
from models.purchase.kinds import Kinds
from models.purchase.parties import PartiesOf
from models.purchase.references import found
from models.purchase.row import Kept


def order_groups(kinds: Kinds, parties_of: PartiesOf) -> tuple[list[OrderGroup], bool]:
    """The orders of a row, and whether a change or a cancellation still waits for its order."""
    members = [_member(each, each.fact, parties_of) for each in kinds.orders if isinstance(each.fact, Order)]
    groups = [_group(cluster) for cluster in clustered(members)]
    orphans: Sequence[OrderChange] = ()
    if kinds.changes:
        changes = sorted(kinds.changes, key=lambda change: change.stamp)
        orphans = _recorded(groups, _changed(groups, changes, parties_of), parties_of)
    if len(groups) > 1:
        _mark_reused(groups)
    unmet = [end for end in kinds.ends if not _ended(groups, end, parties_of)]
    return groups, bool(orphans or [end for end in unmet if not _of_another(end)])


def _recorded(groups: list[OrderGroup], orphans: Sequence[OrderChange], parties_of: PartiesOf) -> Sequence[OrderChange]:
    """Add the orders that sellers recorded; return the changes that still lack theirs."""
    agreed = [_member(Kept(order), order, parties_of) for order in _recorded_by_seller(orphans)]
    if not agreed:
        return orphans
    recorded = [_group(cluster) for cluster in clustered(agreed)]
    groups += recorded
    return _changed(recorded, orphans, parties_of)


def _mark_reused(groups: Sequence[OrderGroup]) -> None:
    seen: set[str] = set()
    for group in groups:
        group.reused = group.lead.source in seen
        seen.add(group.lead.source)


def _of_another(end: Cancellation | Response) -> bool:
    return isinstance(end, Cancellation) and end.of != "order"


def _member(each: Kept, order: Order, parties_of: PartiesOf) -> Member[Order]:
    stamp = order.stamp
    return Member(
        fact=order,
        number=order.number,
        source=order.source,
        day=each.first_day or order.day,
        parties=parties_of(order),
        content=order.content,
        conflict=each.conflict,
        stamp=stamp,
        first_stamp=each.first,
    )


def _group(cluster: list[Member[Order]]) -> OrderGroup:
    lead = cluster[0]
    is_alone = len(cluster) == 1
    return OrderGroup(
        members=cluster,
        day=lead.day if is_alone else _day([member for member in cluster if member.source == lead.source]),
        content=lead.content if is_alone else filled([member.content for member in leaders(cluster)]),
        version=lead.fact.stamp.version,
        frame=lead.fact.frame,
        flags={"version_conflict"} if lead.conflict else set(),
    )


def _day(own: Sequence[Member[Order]]) -> date:
    """That of the first version; where an ERP has told it twice, of the later word. A document's is its earliest."""
    if own[0].source == DOCUMENT:
        return min(member.day for member in own)
    lowest = min(member.first.version for member in own)
    return max((member for member in own if member.first.version == lowest), key=lambda member: member.first).day


def _changed(groups: Sequence[OrderGroup], changes: Iterable[OrderChange], parties_of: PartiesOf) -> list[OrderChange]:
    """Apply the documents' changes in their sequence; return those whose order is not here."""
    orphans = []
    for change in changes:
        group = found(change.order, parties=parties_of(change), day=change.day, orders=groups)
        if group is None:
            orphans.append(change)
            continue
        for member in group.members:
            if member.source == DOCUMENT:
                member.content = applied(member.content, change.content)
        group.content = filled([member.content for member in leaders(group.members)])
        if group.lead.source == DOCUMENT:
            group.version = max(group.version, change.stamp.version)
    return orphans


def applied(content: Content, change: Content) -> Content:
    """An order's content after a change: lines replaced by id, removed by status, the unnamed stay."""
    lines = {line.line: line for line in content.lines}
    for line in change.lines:
        if line.removed:
            lines.pop(line.line, None)
        else:
            lines[line.line] = line
    said = {
        name: getattr(change, name)
        for name in content.__struct_fields__
        if name not in ("units", "suppliers", "lines", "order_agreement") and getattr(change, name) is not None
    }
    return msgspec.structs.replace(content, **said, lines=tuple(lines.values()))


def _recorded_by_seller(orphans: Sequence[OrderChange]) -> list[Order]:
    """A change of an order that the seller recorded tells of a purchase even if the order itself never comes."""
    firsts: dict[tuple[str, ...], OrderChange] = {}
    for change in orphans:
        if change.content.order_agreement:
            firsts.setdefault((*change.content.units[:1], *change.content.suppliers[:1]), change)
    return [
        Order(
            source=change.source,
            number=change.number,
            stamp=change.stamp,
            day=change.order.issued_on or change.day,
            content=msgspec.structs.replace(
                change.content, lines=tuple(x for x in change.content.lines if not x.removed)
            ),
            uuid=change.order.uuid,
        )
        for change in firsts.values()
    ]


def _ended(groups: Sequence[OrderGroup], end: Cancellation | Response, parties_of: PartiesOf) -> bool:
    """Void what is cancelled or rejected; was its order here?"""
    if isinstance(end, Cancellation) and end.of != "order":
        return False
    if end.order is not None and end.source == DOCUMENT:
        day = end.day or groups[0].day if groups else None
        group = found(end.order, parties=parties_of(end), day=day, orders=groups) if day else None
        if group is not None:
            group.void = "rejected" if isinstance(end, Response) else "cancelled"
        return group is not None
    meant = _meant(groups, end)
    return meant is not None and _cancelled(meant, end)


def _meant(groups: Sequence[OrderGroup], end: AnyFact) -> OrderGroup | None:
    """Of the orders of the ERP's number the newest that was placed by then, else the first."""
    own = [group for group in groups if any(member.source == end.source for member in group.members)]
    day = day_of(from_milliseconds(end.stamp.time_ms))
    before = [group for group in own if group.day <= day]
    if before:
        return max(before, key=lambda group: group.day)
    return min(own, key=lambda group: group.day, default=None)


def _cancelled(group: OrderGroup, end: AnyFact) -> bool:
    for member in leaders(group.members):
        if member.source != end.source:
            continue
        if end.stamp > member.fact.stamp and member is group.lead:
            group.void = group.void or "cancelled"
            group.version = max(group.version, end.stamp.version)
        return True
    return False

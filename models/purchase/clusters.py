"""Clusters: facts of one number, buyer and seller within 31 days are one and the same order, or invoice.

The ERP's facts count; a document adds what the ERP left empty (domain.md, Which amount, which day, which purchase).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Generic, TypeVar

import msgspec

from models.facts import DOCUMENT, Content, Line, Stamp
from models.purchase.parties import Parties, other_buyers_named, same_parties

SAME_PURCHASE_DAYS = 31
F = TypeVar("F")


class Member(msgspec.Struct, Generic[F]):
    """A fact with its parties and its day."""

    fact: F
    number: str
    source: str
    day: date
    parties: Parties
    content: Content
    conflict: bool
    stamp: Stamp
    first_stamp: Stamp | None = None
    """Of an order: its first version's."""

    @property
    def key(self) -> str:
        """Breaks ties for good."""
        return f"{self.stamp.event_id}|{self.stamp.digest}"

    @property
    def first(self) -> Stamp:
        """The stamp of the first version that is known."""
        return self.first_stamp or self.stamp


def clustered(members: Sequence[Member[F]]) -> list[list[Member[F]]]:
    """The clusters, in order of their first day; in each the leading member first."""
    if len(members) <= 1:
        return [[*members]] if members else []
    clusters: list[list[Member[F]]] = []
    for member in sorted(members, key=lambda each: (each.day, each.source == DOCUMENT, each.source, each.key)):
        home = next((cluster for cluster in clusters if _belongs(member, cluster[0])), None)
        if home is None:
            clusters.append([member])
        else:
            home.append(member)
    return [_by_lead(cluster) for cluster in clusters]


def _belongs(member: Member[F], first: Member[F]) -> bool:
    return (
        member.number == first.number
        and (member.day - first.day).days <= SAME_PURCHASE_DAYS
        and same_parties(member.parties, first.parties)
        and not other_buyers_named(member.parties, first.parties)
    )


def _by_lead(cluster: Sequence[Member[F]]) -> list[Member[F]]:
    """ERP before document, the source that said it first before others, the newest of a source before its older ones."""
    first_days: dict[str, date] = {}
    for member in cluster:
        first_days.setdefault(member.source, member.day)
    newest_first = sorted(cluster, key=lambda each: each.stamp, reverse=True)
    return sorted(newest_first, key=lambda each: (each.source == DOCUMENT, first_days[each.source], each.source))


def leaders(cluster: Sequence[Member[F]]) -> list[Member[F]]:
    """The newest member of each source, the leading one first."""
    result: dict[str, Member[F]] = {}
    for member in cluster:
        result.setdefault(member.source, member)
    return list(result.values())


def filled(contents: Sequence[Content]) -> Content:
    """The first content, with what it left empty taken from the others."""
    content = contents[0]
    for other in contents[1:]:
        content = _filled(content, other)
    return content


def _filled(content: Content, other: Content) -> Content:
    lines = {line.line: line for line in other.lines}
    merged = tuple(_fill(line, lines[line.line]) if line.line in lines else line for line in content.lines)
    filled_in = _fill(content, other, but=("units", "suppliers", "lines", "currency", "exchange_rate"))
    return msgspec.structs.replace(
        filled_in, lines=merged, order_agreement=content.order_agreement or other.order_agreement
    )


Filled = TypeVar("Filled", Content, Line)


def _fill(value: Filled, other: Filled, but: Iterable[str] = ("net_hundredths",)) -> Filled:
    empty = {
        name: getattr(other, name)
        for name in value.__struct_fields__
        if name not in but and getattr(value, name) is None and getattr(other, name) is not None
    }
    return msgspec.structs.replace(value, **empty) if empty else value

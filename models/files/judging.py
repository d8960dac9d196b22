"""Files judged: the life cycle of the stream over all that they say, whatever order they were named in."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from models.contract.arrival import event_kind
from models.days import milliseconds
from models.documents import CatalogueDocument, NoPurchase
from models.facts import AnyFact
from models.files.pieces import FileRefused, Place, refused_at
from models.files.reading import Message, Pseudonym, read_files
from models.judgement import Judgement, Origin
from models.purchase.assessing import Basis
from models.purchase.lifecycle import Moment, judged_again
from models.purchase.memory import Rows
from models.reference.received import after_documents
from models.reference.snapshot import Snapshot
from models.refusal import failed
from models.rules.judge import Judge
from models.topics import DOCUMENTS
from models.vocabulary import Disposition

ABSORBED = "absorbed"
"""The reason of a purchase that is none of its own any more: its order, or the ERP's event of it, is printed."""


class Judged(msgspec.Struct, frozen=True):
    """What became of files."""

    judgements: tuple[Judgement, ...]
    """The last one of every purchase, by purchase id."""
    refused: tuple[FileRefused, ...]
    """By file and place."""
    no_purchases: int
    catalogues: int
    waiting: int
    """Numbers of which something is kept that has nothing to act on: a decision or a change without its purchase."""
    basis: Basis
    """What it was judged by: the catalogues among the files are part of the reference."""
    cells: dict[str, list[int]]
    """The measures by root, unit and day."""
    buyers: dict[str, dict[str, int]]
    """By root, unit and day who bought how often."""


class _Arrived(msgspec.Struct, frozen=True):
    place: Place
    kind: str
    fact: AnyFact

    @property
    def order(self) -> tuple[int, object, Place]:
        """As it happened: the same history of revisions, whatever order the files were named in."""
        return self.fact.stamp.time_ms, self.fact.stamp, self.place


class _Read(msgspec.Struct):
    arrived: list[_Arrived] = []
    catalogues: list[CatalogueDocument] = []
    refused: list[FileRefused] = []
    no_purchases: int = 0


def judge_files(
    files: Iterable[tuple[str, bytes]], *, snapshot: Snapshot, judge: Judge, pseudonym: Pseudonym, now: datetime
) -> Judged:
    """Judge all that files say, given by name and content. Catalogues among them are reference for all of them."""
    read = _read(read_files(files, pseudonym=pseudonym, now_ms=milliseconds(now)))
    basis = Basis(after_documents(snapshot, read.catalogues), judge)
    rows = Rows(basis)
    at = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    waited = {one.fact.number for one in sorted(read.arrived, key=lambda one: one.order) if _waits(one, rows, at, read)}
    judgements = rows.judgements(lambda judgement: judgement.reason != ABSORBED)
    return Judged(
        judgements=tuple(sorted(judgements, key=lambda judgement: judgement.purchase)),
        refused=tuple(sorted(read.refused, key=lambda refused: (refused.place, refused.field))),
        no_purchases=read.no_purchases,
        catalogues=len(read.catalogues),
        waiting=sum(_still_waits(number, rows, at) for number in waited),
        basis=basis,
        cells=rows.cells,
        buyers=rows.buyers,
    )


def _read(messages: Iterable[Message | FileRefused]) -> _Read:
    read = _Read()
    for message in messages:
        if isinstance(message, FileRefused):
            read.refused.append(message)
        elif isinstance(message.said, NoPurchase):
            read.no_purchases += 1
        elif isinstance(message.said, CatalogueDocument):
            read.catalogues.append(message.said)
        else:
            read.arrived.append(_Arrived(message.place, _kind(message.topic, message.said), message.said))
    return read


def _kind(topic: str, fact: AnyFact) -> str:
    """The cause of a revision, as the stream names it."""
    return "document" if topic == DOCUMENTS else event_kind(fact)


def _waits(one: _Arrived, rows: Rows, at: str, read: _Read) -> bool:
    """Take a fact in; does it wait for something? What fails is refused, and the others go on."""
    place = one.place
    moment = Moment(Origin(place.file, 0, place.line or place.row or place.item), at)
    try:
        return rows.receive(one.fact, kind=one.kind, moment=moment) is Disposition.WAITING
    except Exception as error:  # noqa: BLE001 - as in the stream
        said = msgspec.structs.replace(failed(error), source=one.fact.source, event_id=one.fact.stamp.event_id)
        read.refused.append(refused_at(place, said))
        return False


def _still_waits(number: str, rows: Rows, at: str) -> bool:
    again = judged_again(rows.rows[number], basis=rows.basis, moment=Moment(Origin("", 0, 0), at))
    return again.disposition is Disposition.WAITING or not again.row.published

"""The service's own judging without its stream: a record and the rows of before in, everything that follows out."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from bench.programs import surroundings
from handelspuls.streaming import default_ruleset
from models.contract.pseudonym import keyed
from models.judgement import Judgement
from models.purchase.assessing import Basis
from models.purchase.lifecycle import Moment
from models.purchase.lifecycle import received as lived
from models.purchase.row import Row
from models.reference.changes import loaded_snapshot
from models.reference.folder import read_folder
from models.refusal import RefusalError
from models.rules.judge import judge_of
from models.tally.contribution import Contribution
from streams.outbox import Record
from streams.reading import received
from streams.rejecting import rejected
from streams.routing import routed

SCHEMA = b"compliance.orders/1"


class Judged(msgspec.Struct, frozen=True):
    """What a record brought about."""

    number: str = ""
    row: Row | None = None
    """None where the record was refused: no row changes."""
    judgements: Sequence[Judgement] = ()
    onward: Sequence[Record] = ()
    """For other rows by `compliance.routed`, or the refusal for `erp.rejected`."""
    change: Contribution = {}


class Desk:
    """Judges by the reference folder; reads it when it is made."""

    def __init__(self) -> None:
        self._pseudonym = keyed(surroundings.privacy_key())
        files = {file.name: file.read_bytes() for file in surroundings.reference_folder().iterdir()}
        snapshot = loaded_snapshot(read_folder(files, pseudonym=self._pseudonym))
        self._basis = Basis(snapshot, judge_of(default_ruleset()))
        self._partitions = surroundings.partitions()

    def judge(self, record: Any, row_of: Callable[[str], Row]) -> Judged:
        """Decode, judge, and say what is to be written."""
        try:
            one = received(record, pseudonym=self._pseudonym)
        except RefusalError as error:
            return Judged(onward=[rejected(record, error.refused, partition=record.partition)])
        number = one.fact.number
        moment = Moment(one.origin, one.at)
        step = lived(row_of(number), one.fact, kind=one.kind, basis=self._basis, moment=moment)
        sends = [routed(msgspec.structs.replace(one, fact=fact), partitions=self._partitions) for fact in step.sends]
        return Judged(number, step.row, step.judgements, sends, step.change)


def headers_of(judgement: Judgement) -> tuple[tuple[str, bytes], ...]:
    """As subscribers expect them."""
    return (
        ("generation", str(judgement.generation).encode()),
        ("revision", str(judgement.revision).encode()),
        ("schema", SCHEMA),
    )

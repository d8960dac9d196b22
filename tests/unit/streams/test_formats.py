"""Two versions of the service on one table: the next one takes over from this one, and this one from it."""

from typing import Any

import msgspec
import pytest

from models.contract.example_outputs import judgement
from models.judgement import Judgement
from models.purchase import row as rows
from models.purchase.row import Row
from streams.cells import Partial
from streams.errors import RowUnreadable
from streams.judged import PREFIX, Judged
from streams.step import Marks, Position, position_of


class NextRow(Row, frozen=True, omit_defaults=True):
    """As a next version would write it: one more field, which has a default."""

    noted: str = ""


class NextJudgement(Judgement, frozen=True):
    noted: str = ""


class NextPartial(Partial, frozen=True):
    noted: str = ""


class NextPosition(Position, frozen=True):
    noted: str = ""


class OneRow:
    def __init__(self, value: bytes) -> None:
        self._value = value

    def get(self, key: bytes) -> bytes | None:
        return self._value if key == PREFIX + b"45" else None

    def scan(self, prefix: bytes = b"") -> Any:
        return iter(())


def test_a_row_of_the_next_version_is_read_by_this_one_and_the_other_way_round() -> None:
    theirs = msgspec.msgpack.encode(NextRow(reference=7, noted="new"))
    assert rows.decode(theirs) == Row(reference=7)
    ours = rows.encode(Row(reference=7))
    assert msgspec.msgpack.decode(ours, type=NextRow) == NextRow(reference=7)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (judgement(), NextJudgement),
        (Partial(3, [1, 2]), NextPartial),
        (Position({"erp.purchases": 8}, Marks(2, 1, 0)), NextPosition),
    ],
)
def test_a_message_of_the_next_version_is_read_by_this_one_and_the_other_way_round(ours: Any, theirs: Any) -> None:
    known = msgspec.structs.asdict(ours)
    assert msgspec.json.decode(msgspec.json.encode(theirs(**known, noted="new")), type=type(ours)) == ours
    assert msgspec.json.decode(msgspec.json.encode(ours), type=theirs) == theirs(**known)


def test_positions_without_anything_newer_are_read() -> None:
    assert position_of(b'{"offsets":{"erp.purchases":8},"newer":{}}').offsets == {"erp.purchases": 8}


def test_a_row_of_the_next_format_says_who_can_read_it() -> None:
    theirs = Row(format=rows.FORMAT + 1, read_from=rows.FORMAT, reference=7)
    assert rows.decode(rows.encode(theirs)).reference == 7


def test_a_row_of_a_format_that_is_not_known_is_no_fault_of_the_record() -> None:
    batch = Judged(None, OneRow(msgspec.msgpack.encode(Row(format=rows.FORMAT + 1))))  # type: ignore[arg-type]
    with pytest.raises(RowUnreadable, match="run the newer version"):
        batch.row("45")

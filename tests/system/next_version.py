"""The worker as its next version could be: `python -m tests.system.next_version worker`.

It writes rows of the next format, and judgements and cells with a field more. What it writes, this version can read.
"""

import sys
from typing import Any

import msgspec

from models.judgement import Judgement
from models.purchase import row as rows
from streams import cells

FORMAT = rows.FORMAT + 1
NOTED = "by the next version"


class NextRow(rows.Row, frozen=True, omit_defaults=True):
    """One field more, which this version passes over."""

    noted: str = ""


class NextJudgement(Judgement, frozen=True):
    noted: str = ""


class NextPartial(cells.Partial, frozen=True):
    noted: str = NOTED


def encode(row: rows.Row) -> bytes:
    known = msgspec.structs.asdict(row) | {"format": FORMAT, "read_from": rows.FORMAT, "noted": NOTED}
    return msgspec.msgpack.encode(NextRow(**known))


def decode(value: bytes | None) -> rows.Row:
    if value is None:
        return rows.EMPTY
    row = msgspec.msgpack.decode(value, type=NextRow)
    assert row.format in {rows.FORMAT, FORMAT}
    return row


def noted(value: Any) -> bytes:
    """As the next version tells a judgement."""
    if type(value) is Judgement:
        value = NextJudgement(**msgspec.structs.asdict(value), noted=NOTED)
    return msgspec.json.encode(value)


def main() -> None:
    """Put the next version's formats in the place of this one's, before anything else is loaded."""
    vars(rows).update(encode=encode, decode=decode)
    vars(cells).update(Partial=NextPartial)
    from streams import judged  # noqa: PLC0415

    vars(judged).update(_encode=noted)
    from handelspuls.__main__ import main as start  # noqa: PLC0415

    sys.argv[0] = "handelspuls"
    start()


if __name__ == "__main__":
    main()

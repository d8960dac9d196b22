"""What was refused and why: counted by code and source, and listed newest first."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, func, select

from models.contract.rejection import RejectionState
from sinks.database.schema import rejections

PAGE_SIZE = 50
MOST_ROWS = 100_000


class Refusal(msgspec.Struct, frozen=True):
    """One refused record, by the place of the original."""

    topic: str
    partition: int
    offset: int
    code: str
    field: str
    message: str
    source: str
    event_id: str
    key: str | None
    rejected_at: datetime | None
    resent_at: datetime | None
    rejection_state: str


class RefusalGroup(msgspec.Struct, frozen=True):
    """How many records of a source were refused for one reason."""

    code: str
    source: str
    count: int
    open: int
    first: datetime | None
    latest: datetime | None


class RefusalWanted(msgspec.Struct, frozen=True):
    """Which refusals; None asks for all."""

    code: str | None = None
    source: str | None = None


def read_refusals(
    connection: Connection, *, wanted: RefusalWanted, page: int = 1, size: int = PAGE_SIZE
) -> list[Refusal]:
    """One page of the list, newest first."""
    named = [rejections.c[name] for name in Refusal.__struct_fields__ if name != "rejection_state"]
    columns = [*named, rejections.c.state.label("rejection_state")]
    statement = select(*columns).order_by(rejections.c.applied.desc()).limit(size).offset((page - 1) * size)
    if wanted.code is not None:
        statement = statement.where(rejections.c.code == wanted.code)
    if wanted.source is not None:
        statement = statement.where(rejections.c.source == wanted.source)
    return [Refusal(**row) for row in connection.execute(statement).mappings()]


def read_refusal_groups(connection: Connection) -> list[RefusalGroup]:
    """All refusals by code and source, most first."""
    table = rejections.c
    count = func.count().label("count")
    statement = (
        select(
            table.code,
            table.source,
            count,
            func.count().filter(table.state == RejectionState.OPEN).label("open"),
            func.min(table.rejected_at).label("first"),
            func.max(table.rejected_at).label("latest"),
        )
        .group_by(table.code, table.source)
        .order_by(count.desc(), table.code, table.source)
    )
    return [RefusalGroup(**row) for row in connection.execute(statement).mappings()]

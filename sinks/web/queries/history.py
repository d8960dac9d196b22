"""One purchase with every revision: when, what caused it, what it replaced, and on what each line rested."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from models.judgement import Judgement
from sinks.database.schema import revisions, suppliers
from sinks.web.queries.tree import Tree


class Revision(msgspec.Struct, frozen=True):
    """One revision as it was sent to subscribers."""

    generation: int
    revision: int
    judged_at: datetime | None
    judgement: Judgement


class History(msgspec.Struct, frozen=True):
    """A purchase: its revisions, newest first, and the names behind its ids."""

    purchase: str
    unit_name: str
    supplier_name: str
    revisions: tuple[Revision, ...]

    @property
    def newest(self) -> Revision:
        return self.revisions[0]


def read_history(connection: Connection, *, tree: Tree, purchase: str) -> History | None:
    """The purchase with all its revisions; None if it was never judged."""
    table = revisions.c
    newest_first = (table.generation.desc(), table.revision.desc())
    rows = connection.execute(select(revisions).where(table.purchase == purchase).order_by(*newest_first)).mappings()
    found = tuple(_revision(dict(row)) for row in rows)
    if not found:
        return None
    judgement = found[0].judgement
    name = connection.scalar(select(suppliers.c.name).where(suppliers.c.supplier == judgement.supplier).limit(1))
    return History(
        purchase=purchase,
        unit_name=tree.name(judgement.unit),
        supplier_name=name or judgement.supplier,
        revisions=found,
    )


def _revision(row: dict[str, Any]) -> Revision:
    return Revision(
        generation=row["generation"],
        revision=row["revision"],
        judged_at=row["judged_at"],
        judgement=msgspec.convert(row["body"], Judgement, strict=False),
    )

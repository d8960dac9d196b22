"""What the database keeps of how a purchase came to its judgement."""

import msgspec
from sqlalchemy import Connection, or_, select

from models.judgement import Judgement
from sinks.database.schema import purchases, revisions


def purchases_of(connection: Connection, name: str) -> list[str]:
    """The purchases meant by an id or a bare number."""
    query = select(purchases.c.purchase).where(or_(purchases.c.purchase == name, purchases.c.number == name))
    return sorted(connection.scalars(query))


def revisions_of(connection: Connection, purchase: str) -> list[Judgement]:
    """Every revision of a purchase, the first one first."""
    query = (
        select(revisions.c.body)
        .where(revisions.c.purchase == purchase)
        .order_by(revisions.c.generation, revisions.c.revision)
    )
    return [msgspec.convert(body, Judgement, strict=False) for body in connection.scalars(query)]

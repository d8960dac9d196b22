"""The command that tells how a purchase came to its judgement."""

import click
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from handelspuls.errors import CannotRun
from handelspuls.settings import Settings
from sinks.database.explain import Revision, purchases_of, revisions_of, told


@click.command(name="explain")
@click.argument("purchase")
def command(purchase: str) -> None:
    """Tell every revision of PURCHASE, an id or a bare number: when, what caused it, by which rule, on what evidence."""
    for revision in _revisions(Settings.from_environment().database_url, purchase):
        for line in told(revision):
            click.echo(line)


def _revisions(database_url: str, purchase: str) -> list[Revision]:
    try:
        with create_engine(database_url).connect() as connection:
            found = purchases_of(connection, purchase)
            if len(found) == 1:
                return revisions_of(connection, found[0])
    except (OperationalError, ProgrammingError) as away:
        raise CannotRun(f"The database does not answer ({str(away.orig).splitlines()[0]}); see DATABASE_URL.") from away
    if found:
        raise CannotRun(f"Several purchases have the number {purchase}; name one of them: {', '.join(found)}.")
    raise CannotRun(f"No purchase {purchase} is in the database. Its id is source~number; look it up on the page.")

"""The command that tells how a purchase came to its judgement."""

import click
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from handelspuls.advising import advice_lines
from handelspuls.errors import CannotRun
from handelspuls.settings import Settings
from sinks.database.explain import Body, Revision, purchases_of, revisions_of, told


@click.command(name="explain")
@click.argument("purchase")
@click.option("--advice", "with_advice", is_flag=True, help="Also what would have made it catalogue e-trade.")
def command(purchase: str, *, with_advice: bool) -> None:
    """Tell every revision of PURCHASE, an id or a bare number: when, what caused it, by which rule, on what evidence."""
    settings = Settings.from_environment()
    revisions = _revisions(settings.database_url, purchase)
    for revision in revisions:
        for line in told(revision):
            click.echo(line)
    if with_advice:
        newest = revisions[-1].body
        for line in advice_lines(newest["purchase"], _numbers(newest), settings=settings):
            click.echo(line)


def _numbers(body: Body) -> list[str]:
    return [number for number in (body["number"], body.get("order")) if number]


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

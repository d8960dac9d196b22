"""The command that tells how a purchase came to its judgement."""

from collections.abc import Mapping

import click
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from handelspuls.advising import advice_lines
from handelspuls.commands.web import RULESET, reason_words
from handelspuls.errors import CannotRun
from handelspuls.settings import Settings
from models.judgement import Judgement
from sinks.database.explain import purchases_of, revisions_of
from sinks.reports.explained import Teller
from sinks.web.language import Language
from sinks.web.queries.quoted import Holder, QuotedRow, read_holders, read_quoted
from sinks.web.words import Words


@click.command(name="explain")
@click.argument("purchase")
@click.option("--advice", "with_advice", is_flag=True, help="Also what would have made it catalogue e-trade.")
@click.option("--language", type=click.Choice([one.value for one in Language]), help="Language of all that is told.")
def command(purchase: str, *, with_advice: bool, language: str | None) -> None:
    """Tell every revision of PURCHASE, an id or a bare number: when, what caused it, by which rule, on what evidence."""
    settings = Settings.from_environment()
    spoken = Language(language or settings.language)
    revisions, quoted, holders = _revisions(settings.database_url, purchase)
    teller = Teller(language=spoken, words=Words(language=spoken, reasons=reason_words(RULESET)))
    for revision in revisions:
        for line in teller.revision(revision, quoted, holders):
            click.echo(line)
    if with_advice:
        newest = revisions[-1]
        for line in advice_lines(newest.purchase, _numbers(newest), settings=settings, language=spoken):
            click.echo(line)


def _numbers(judgement: Judgement) -> list[str]:
    return [number for number in (judgement.number, judgement.order) if number]


def _revisions(
    database_url: str, purchase: str
) -> tuple[list[Judgement], Mapping[str, QuotedRow], Mapping[str, Holder]]:
    try:
        with create_engine(database_url).connect() as connection:
            found = purchases_of(connection, purchase)
            if len(found) == 1:
                revisions = revisions_of(connection, found[0])
                return revisions, read_quoted(connection, revisions), read_holders(connection, revisions[-1])
    except (OperationalError, ProgrammingError) as away:
        raise CannotRun(f"The database does not answer ({str(away.orig).splitlines()[0]}); see DATABASE_URL.") from away
    if found:
        raise CannotRun(f"Several purchases have the number {purchase}; name one of them: {', '.join(found)}.")
    raise CannotRun(f"No purchase {purchase} is in the database. Its id is source~number; look it up on the page.")
